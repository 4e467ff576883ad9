using System.Net.Sockets;

namespace Analytics.Tests.Features.Export;

/// <summary>A client that reads as much as it is told to; most of what is sent stays with the service meanwhile.</summary>
sealed class SlowClient : IDisposable
{
    const int Buffer = 16 * 1024;

    readonly HttpClient http;
    readonly HttpResponseMessage answer;
    readonly Socket socket;
    readonly StreamReader lines;

    SlowClient(HttpClient http, HttpResponseMessage answer, Socket socket, Stream body) =>
        (this.http, this.answer, this.socket, lines) = (http, answer, socket, new StreamReader(body));

    public int Status => (int)answer.StatusCode;

    /// <summary>Whether the service has cut it off. What came before that can still be read.</summary>
    public bool IsCutOff => socket.Poll(0, SelectMode.SelectError);

    public static async Task<SlowClient> OpenAsync(ApiClient client, string path)
    {
        var connected = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = Buffer };
        var own = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = client.Http.BaseAddress };
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", client.Key);
        var begun = await own.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new SlowClient(own, begun, connected, await begun.Content.ReadAsStreamAsync());

        async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
        {
            await connected.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(connected, ownsSocket: true);
        }
    }

    /// <summary>Reads so many lines, or fewer when there are no more. What breaks off throws.</summary>
    public async Task<int> ReadLinesAsync(int most)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        var read = 0;
        while (read < most && await lines.ReadLineAsync(patience.Token) is not null)
            read++;
        return read;
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
        http.Dispose();
    }
}
