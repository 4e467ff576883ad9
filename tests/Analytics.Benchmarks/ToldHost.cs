using Analytics.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Analytics.Benchmarks;

/// <summary>Somebody's API in this process, which tells the service of its requests, or does not.</summary>
public sealed class ToldHost : IAsyncDisposable
{
    readonly WebApplication app;

    ToldHost(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Urls.Single()).Port;

    public static Task<ToldHost> StartTellingAsync(ServiceUnderTest service, TestWorkspace workspace) => StartAsync(
        builder => builder.AddAnalytics(options =>
        {
            (options.Url, options.Key) = (new Uri($"http://127.0.0.1:{service.Port}"), workspace.Key);
            options.CustomerId = http => http.Request.Headers["X-Customer"];
        }),
        app => app.UseApiAnalytics());

    public static Task<ToldHost> StartSilentAsync() => StartAsync(_ => { }, _ => { });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    static async Task<ToldHost> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> use)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure(builder);
        var built = builder.Build();
        use(built);
        built.MapGet("/api/orders/{id}", (string id) => new { id, state = "paid" });
        await built.StartAsync();
        return new ToldHost(built);
    }
}
