using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Analytics.Tests.Http;

namespace Analytics.Tests.Features.Streams;

/// <summary>A message of a stream as the wire has it.</summary>
public sealed record Message(string? Event, string? Id, string Data)
{
    // Read when somebody asks: most of thousands of messages nobody looks into.
    public JsonElement Json => Data.Length == 0 ? default : JsonElement.Parse(Data);

    /// <summary>The number tests give their events, in metadata.n.</summary>
    public int Number => Json.GetProperty("payload").GetProperty("metadata").GetProperty("n").GetInt32();
}

/// <summary>A client of server-sent events: reads all it gets, keeps the last id as a browser does, and can come back with it.</summary>
public sealed class OpenStream : IAsyncDisposable
{
    readonly Channel<Message> messages = Channel.CreateUnbounded<Message>();
    readonly CancellationTokenSource closing = new();
    readonly HttpResponseMessage answer;
    readonly HttpClient http;
    Task reading = Task.CompletedTask;

    OpenStream(HttpClient http, HttpResponseMessage answer) => (this.http, this.answer) = (http, answer);

    public HttpResponseHeaders Headers => answer.Headers;

    public HttpContentHeaders ContentHeaders => answer.Content.Headers;

    public string? LastId { get; private set; }

    /// <summary>Lines that belong to no message: retry and comments.</summary>
    public List<string> Others { get; } = [];

    /// <summary>How many signs of life have come.</summary>
    public int Pings
    {
        get
        {
            lock (Others)
                return Others.Count(line => line == ": ping");
        }
    }

    public bool HasEnded => reading.IsCompleted;

    /// <summary>Whether the stream broke off instead of being ended in good order.</summary>
    public bool WasCutOff { get; private set; }

    public static async Task<OpenStream> OpenAsync(ApiClient client, string path, string? lastEventId = null)
    {
        // A connection of its own, so that closing it closes the stream.
        var own = new HttpClient(new SocketsHttpHandler { UseCookies = false, SslOptions = TlsProxy.Trusted }) { BaseAddress = client.Http.BaseAddress };
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, values) in client.Http.DefaultRequestHeaders)
            request.Headers.TryAddWithoutValidation(name, values);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var opened = await own.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True((int)opened.StatusCode == 200, $"{path} answered {(int)opened.StatusCode}");
        var stream = new OpenStream(own, opened) { LastId = lastEventId };
        stream.reading = Task.Run(stream.ReadAsync);
        return stream;
    }

    public static Task<OpenStream> OfAsync(WorkspaceClient workspace, string query = "", string? lastEventId = null) =>
        OpenAsync(workspace, $"/api/stream/workspaces/{workspace.Id}{query}", lastEventId);

    public async Task<Message> NextAsync()
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        return await messages.Reader.ReadAsync(patience.Token);
    }

    /// <summary>The next message, or null when none comes in time.</summary>
    public async Task<Message?> NextWithinAsync(TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        try
        {
            return await messages.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// The next message, or null when the server ends the stream: who is held up for long has left too much unread, and comes back.
    /// </summary>
    /// <param name="within">In this time, or null; without it the message has to come.</param>
    public async Task<Message?> NextUnlessEndedAsync(TimeSpan? within = null)
    {
        try
        {
            return within is { } time ? await NextWithinAsync(time) : await NextAsync();
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public async Task<List<Message>> TakeAsync(int count)
    {
        var taken = new List<Message>();
        while (taken.Count < count)
            taken.Add(await NextAsync());
        return taken;
    }

    /// <summary>What has come and was not taken yet.</summary>
    public List<Message> TakeAll()
    {
        var taken = new List<Message>();
        while (messages.Reader.TryRead(out var message))
            taken.Add(message);
        return taken;
    }

    /// <summary>Returns when the server has ended the stream.</summary>
    public Task EndsAsync() => reading.WaitAsync(Until.Patience);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await reading;
        answer.Dispose();
        http.Dispose();
        closing.Dispose();
    }

    async Task ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(closing.Token));
            var (name, id, data) = ((string?)null, (string?)null, "");
            while (await lines.ReadLineAsync(closing.Token) is { } line)
                if (line.Length == 0)
                {
                    LastId = id ?? LastId;
                    if (data.Length > 0)
                        messages.Writer.TryWrite(new Message(name, id, data));
                    (name, id, data) = (null, null, "");
                }
                else if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line[6..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else
                    lock (Others)
                        Others.Add(line);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            WasCutOff = !closing.IsCancellationRequested;
        }
        finally
        {
            messages.Writer.TryComplete();
        }
    }
}
