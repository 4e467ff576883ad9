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
    readonly TimeProvider clock;

    Node(WebApplication app, TimeProvider clock) => (this.app, this.clock) = (app, clock);

    public Uri Address => new(app.Urls.Single());

    public IServiceProvider Services => app.Services;

    public static Task<Node> StartAsync(AnalyticsApi api, params (string Name, string Value)[] settings) =>
        StartAsync(api, TimeProvider.System, _ => { }, settings);

    public static Task<Node> StartAsync(AnalyticsApi api, TimeProvider clock, params (string Name, string Value)[] settings) =>
        StartAsync(api, clock, _ => { }, settings);

    public static Task<Node> StartAsync(
        AnalyticsApi api, Action<WebApplicationBuilder> configure, params (string Name, string Value)[] settings) =>
        StartAsync(api, TimeProvider.System, configure, settings);

    static async Task<Node> StartAsync(
        AnalyticsApi api, TimeProvider clock, Action<WebApplicationBuilder> configure, (string Name, string Value)[] settings)
    {
        var built = AnalyticsApp.Build([], builder =>
        {
            var all = new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = api.ConnectionString + ";Maximum Pool Size=12",
                ["Analytics:RootKey"] = api.RootKey,
                ["ANALYTICS_DEMO"] = "0",
                ["PORT"] = "",
                ["Serilog:MinimumLevel:Default"] = "Error",
            };
            foreach (var (name, value) in settings)
                all[name] = value;
            builder.Configuration.AddInMemoryCollection(all);
            builder.Services.AddSingleton(clock);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            configure(builder);
        });
        await built.StartAsync();
        var node = new Node(built, clock);
        await new ApiClient(node.Address, null).ReadyAsync();
        return node;
    }

    /// <summary>The same key, acted on through this node.</summary>
    public ApiClient Of(ApiClient client) => new(Address, client.Key);

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await (clock is FakeTimeProvider moved ? moved.RunAsync(app.StopAsync()) : app.StopAsync());
        await app.DisposeAsync();
    }
}
