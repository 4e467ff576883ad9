using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Metrics;

/// <summary>The service once more over the same store, with a clock that can be put forward.</summary>
public sealed class LaterNode(AnalyticsApi api) : IAsyncLifetime
{
    readonly MovedClock clock = new();
    WebApplication? node;

    public AnalyticsApi Api => api;

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Ahead
    {
        set => clock.Ahead = value;
    }

    /// <summary>A key of the other node, acted on through this one.</summary>
    public ApiClient Of(ApiClient client) => new(new Uri(node!.Urls.Single()), client.Key);

    public async ValueTask InitializeAsync()
    {
        node = AnalyticsApp.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = api.ConnectionString,
                ["Analytics:RootKey"] = api.RootKey,
                ["ANALYTICS_DEMO"] = "0",
                ["PORT"] = "",
                ["Serilog:MinimumLevel:Default"] = "Warning",
            });
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        });
        await node.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(node.Urls.Single()) };
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await client.GetAsync("/health/ready");
            if (answer.IsSuccessStatusCode)
                return;
            Assert.True(attempt < 300, "The node was not ready in a minute.");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (node is null)
            return;
        await node.StopAsync();
        await node.DisposeAsync();
    }

    sealed class MovedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
