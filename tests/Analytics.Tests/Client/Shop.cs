using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Analytics.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Analytics.Tests.Client;

/// <summary>Somebody's API on a real port, which tells Analytics of its requests.</summary>
public sealed class Shop : IAsyncDisposable
{
    readonly WebApplication app;
    readonly MeterListener listener = new();
    readonly ConcurrentDictionary<string, long> counts = new();

    Shop(WebApplication app)
    {
        this.app = app;
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == "Analytics.Client" && ReferenceEquals(instrument.Meter.Scope, meters))
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, facts, tags, _) =>
        {
            var reason = tags.ToArray().Where(tag => tag.Key == "reason").Select(tag => $" {tag.Value}").SingleOrDefault();
            counts.AddOrUpdate(instrument.Name.Split('.')[^1] + reason, facts, (_, before) => before + facts);
        });
        listener.Start();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public IAnalytics Events => app.Services.GetRequiredService<IAnalytics>();

    /// <summary>What the client's meter counted: <c>sent</c>, <c>dropped full</c>, <c>dropped refused</c> and so on.</summary>
    public long Counted(string what) => counts.GetValueOrDefault(what);

    /// <summary>Batches are not waited for here, but for what a test says of them.</summary>
    public static Task<Shop> StartAsync(
        Uri url, Action<WebApplication>? routes = null, Action<AnalyticsOptions>? options = null,
        Action<WebApplicationBuilder>? configure = null) =>
        StartAsync(
            configure,
            told =>
            {
                (told.Url, told.Key, told.Pause) = (url, "ak_test", TimeSpan.FromMilliseconds(20));
                options?.Invoke(told);
            },
            app =>
            {
                app.UseApiAnalytics();
                (routes ?? SomeRoutes)(app);
            });

    /// <summary>A host whose pipeline is the test's alone.</summary>
    public static async Task<Shop> StartAsync(
        Action<WebApplicationBuilder>? configure, Action<AnalyticsOptions> options, Action<WebApplication> pipeline)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure?.Invoke(builder);
        builder.AddAnalytics(options);
        var built = builder.Build();
        pipeline(built);
        await built.StartAsync();
        return new Shop(built);
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        listener.Dispose();
    }

    static void SomeRoutes(WebApplication app) => app.MapGet("/api/orders/{id}", (string id) => $"order {id}");
}
