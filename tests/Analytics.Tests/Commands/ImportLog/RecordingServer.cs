using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>Takes requests as the service does, every id once, and answers what a test wants it to.</summary>
public sealed class RecordingServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentDictionary<string, JsonElement> taken = [];
    readonly ConcurrentQueue<int> batches = [];

    RecordingServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>The requests by their ids.</summary>
    public IReadOnlyDictionary<string, JsonElement> Taken => taken;

    /// <summary>How many requests each body had that was taken.</summary>
    public IReadOnlyCollection<int> Batches => batches;

    /// <summary>Looks at each post before it is taken, with its number; true when it has answered itself.</summary>
    public Func<HttpContext, int, Task<bool>> Before { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Looks at each post after it was taken; true when the answer is to be lost.</summary>
    public Func<int, Task<bool>> IsLost { get; set; } = _ => Task.FromResult(false);

    /// <summary>The message for a request that breaks a rule; null for one that is fine.</summary>
    public Func<JsonElement, string?> Rule { get; set; } = _ => null;

    public static async Task<RecordingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var server = new RecordingServer(built);
        var posts = 0;
        built.MapPost("/base/api/requests/ingest", async (HttpContext context) =>
        {
            var number = Interlocked.Increment(ref posts);
            if (await server.Before(context, number))
                return;
            var answer = await server.TakeAsync(context.Request);
            if (await server.IsLost(number))
                context.Abort();
            else
                await context.Response.WriteAsJsonAsync(answer);
        });
        await built.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task<object> TakeAsync(HttpRequest request)
    {
        Assert.Equal("true", request.Query["partial"]);
        Assert.Equal("Bearer secret", request.Headers.Authorization);
        Assert.Equal("gzip", request.Headers.ContentEncoding);
        await using var body = new GZipStream(request.Body, CompressionMode.Decompress);
        var document = await JsonDocument.ParseAsync(body);
        var (inserted, duplicates, index) = (0, 0, 0);
        var errors = new List<object>();
        foreach (var sent in document.RootElement.GetProperty("requests").EnumerateArray())
        {
            if (Rule(sent) is { } message)
                errors.Add(new { index, pointer = $"/requests/{index}/path", code = "invalid", message });
            else if (taken.TryAdd(sent.GetProperty("requestId").GetString()!, sent))
                inserted++;
            else
                duplicates++;
            index++;
        }

        batches.Enqueue(index);
        return new { inserted, duplicates, rejected = errors.Count, errors };
    }
}
