using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Analytics.Tests.Client;

/// <summary>A call of the client as it came over the wire.</summary>
public sealed record Call(string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Kind => Path.Contains("requests", StringComparison.Ordinal) ? "requests" : "events";

    public IReadOnlyList<JsonElement> Facts { get; } =
        [.. JsonElement.Parse(Unpacked(Body)).EnumerateObject().Single().Value.EnumerateArray()];

    static byte[] Unpacked(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}

/// <summary>Answers in the service's place, as a test wants it to, and keeps what came.</summary>
public sealed class RecordingService : IAsyncDisposable
{
    readonly ConcurrentQueue<Call> calls = [];
    readonly WebApplication app;

    RecordingService(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>How it answers; the service's own answer when all facts are good, unless a test says otherwise.</summary>
    public Func<Call, IResult> Answer { get; set; } = All;

    public IReadOnlyList<Call> Calls => [.. calls];

    /// <summary>Every request told of, in the order they came.</summary>
    public IReadOnlyList<JsonElement> Requests => [.. calls.Where(call => call.Kind == "requests").SelectMany(call => call.Facts)];

    public IReadOnlyList<JsonElement> Events => [.. calls.Where(call => call.Kind == "events").SelectMany(call => call.Facts)];

    public static IResult All(Call call) => Results.Json(new { inserted = call.Facts.Count, duplicates = 0 });

    public static async Task<RecordingService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var service = new RecordingService(built);
        built.MapPost("/api/{kind}/ingest", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var call = new Call(
                request.Path, request.QueryString.ToString(),
                request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray());
            service.calls.Enqueue(call);
            return service.Answer(call);
        });
        await built.StartAsync();
        return service;
    }

    /// <summary>The requests told of, once there are so many.</summary>
    public async Task<IReadOnlyList<JsonElement>> RequestsAsync(int count)
    {
        await Until.HoldsAsync(() => Requests.Count >= count, $"Fewer than {count} requests are told of.");
        return Requests;
    }

    public async Task<JsonElement> RequestAsync() => Assert.Single(await RequestsAsync(1));

    public async Task<IReadOnlyList<JsonElement>> EventsAsync(int count)
    {
        await Until.HoldsAsync(() => Events.Count >= count, $"Fewer than {count} events are told of.");
        return Events;
    }

    public async Task<IReadOnlyList<Call>> CallsAsync(int count)
    {
        await Until.HoldsAsync(() => Calls.Count >= count, $"There are fewer than {count} calls.");
        return Calls;
    }

    public async ValueTask DisposeAsync()
    {
        // A call that is held is not waited for.
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}
