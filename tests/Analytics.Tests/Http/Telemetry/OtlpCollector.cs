using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Analytics.Tests.Http.Telemetry;

/// <summary>An OpenTelemetry collector: takes what is sent by HTTP and protobuf, and keeps the spans.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    readonly ConcurrentQueue<Span> spans = [];
    readonly WebApplication app;

    OtlpCollector(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyCollection<Span> Spans => spans;

    public List<Span> SpansOf(string trace) => [.. spans.Where(span => span.TraceId == trace)];

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var collector = new OtlpCollector(built);
        built.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            foreach (var span in Span.ReadAll(body.ToArray()))
                collector.spans.Enqueue(span);
        });
        built.MapPost("/v1/metrics", () => { });
        await built.StartAsync();
        return collector;
    }

    /// <summary>The spans of a trace, once they are what the test waits for.</summary>
    public async Task<List<Span>> WhenAsync(string trace, Func<List<Span>, bool> isComplete)
    {
        List<Span> found = [];
        await Until.HoldsAsync(
            () => Task.FromResult(isComplete(found = SpansOf(trace))),
            () => $"The trace does not arrive; so far: {string.Join(", ", found.Select(span => span.Name))}.");
        return found;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
