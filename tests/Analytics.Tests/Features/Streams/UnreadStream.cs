using System.Net.Sockets;

namespace Analytics.Tests.Features.Streams;

/// <summary>A stream whose client reads nothing until it is told to, so that most of what is sent stays with the server.</summary>
public sealed class UnreadStream : IDisposable
{
    const int Buffer = 16 * 1024;

    readonly HttpClient http;
    readonly HttpResponseMessage answer;
    readonly Socket socket;
    StreamReader? lines;

    UnreadStream(HttpClient http, HttpResponseMessage answer, Socket socket) => (this.http, this.answer, this.socket) = (http, answer, socket);

    /// <summary>Whether the server has cut it off. What came before that can still be read.</summary>
    public bool IsCutOff => socket.Poll(0, SelectMode.SelectError);

    public static async Task<UnreadStream> OpenAsync(ApiClient client, string path, string? lastEventId)
    {
        var connected = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = Buffer };
        var own = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = client.Http.BaseAddress };
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", client.Key);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return new UnreadStream(own, await own.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), connected);

        async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
        {
            await connected.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(connected, ownsSocket: true);
        }
    }

    /// <summary>The next line of data, after the name of the event where it has one; null when the stream has ended.</summary>
    public async Task<string?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        try
        {
            lines ??= new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
            while (await lines.ReadLineAsync(patience.Token) is { } line)
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return line[6..];
        }
        catch (Exception gone) when (gone is IOException or HttpRequestException)
        {
            // Cut off.
        }

        return null;
    }

    public void Dispose()
    {
        lines?.Dispose();
        answer.Dispose();
        http.Dispose();
    }
}
