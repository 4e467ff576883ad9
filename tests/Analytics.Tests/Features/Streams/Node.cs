using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Streams;

/// <summary>Another node of the service on the tests' store.</summary>
public sealed class Node : IAsyncDisposable
{
    readonly WebApplication app;

    Node(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public IServiceProvider Services => app.Services;

    public static Task<Node> StartAsync(AnalyticsApi api, params (string Name, string Value)[] settings) =>
        StartAsync(api, _ => { }, settings);

    /// <summary>One that is ready elsewhere.</summary>
    public static Task<Node> StartAsync(AnalyticsApi api, string ready, params (string Name, string Value)[] settings) =>
        StartAsync(api, _ => { }, ready, settings);

    public static Task<Node> StartAsync(AnalyticsApi api, TimeProvider clock, params (string Name, string Value)[] settings) =>
        StartAsync(api, builder => builder.Services.AddSingleton(clock), settings);

    public static Task<Node> StartAsync(
        AnalyticsApi api, Action<WebApplicationBuilder> configure, params (string Name, string Value)[] settings) =>
        StartAsync(api, configure, ApiClient.Ready, settings);

    /// <summary>One on any store.</summary>
    public static Task<Node> StartAsync(string store) => StartAsync(store, $"root_{Guid.NewGuid():n}", _ => { }, ApiClient.Ready, []);

    static Task<Node> StartAsync(
        AnalyticsApi api, Action<WebApplicationBuilder> configure, string ready, (string Name, string Value)[] settings) =>
        StartAsync(api.ConnectionString, api.RootKey, configure, ready, settings);

    static async Task<Node> StartAsync(
        string store, string rootKey, Action<WebApplicationBuilder> configure, string ready, (string Name, string Value)[] settings)
    {
        var built = AnalyticsApp.Build([], builder =>
        {
            var all = new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = store + ";Maximum Pool Size=12",
                ["Analytics:RootKey"] = rootKey,
                ["ANALYTICS_DEMO"] = "0",
                ["Analytics:VerifyAt"] = "never",
                ["PORT"] = "",
                ["Serilog:MinimumLevel:Default"] = "Error",
            };
            foreach (var (name, value) in settings)
                all[name] = value;
            builder.Configuration.AddInMemoryCollection(all);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            configure(builder);
        });
        await built.StartAsync();
        var node = new Node(built);
        await new ApiClient(node.Address, null).ReadyAsync(ready);
        return node;
    }

    /// <summary>The same key, acted on through this node.</summary>
    public ApiClient Of(ApiClient client) => new(Address, client.Key);

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        var stopping = app.StopAsync();
        await (Services.GetRequiredService<TimeProvider>() is FakeTimeProvider clock ? clock.RunAsync(stopping) : stopping);
        await app.DisposeAsync();
    }
}
