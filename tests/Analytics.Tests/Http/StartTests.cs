using System.Net;
using Analytics.PrivatePostgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Http;

public sealed class StartTests(AnalyticsApi api)
{
    [Fact]
    public async Task Several_nodes_start_together_on_an_empty_store()
    {
        var store = await api.NewDatabaseAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(store)));

        foreach (var node in nodes)
        {
            await Client(node).ReadyAsync();
            await node.StopAsync();
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_its_store_the_service_lives_but_is_not_ready()
    {
        await using var node = await StartAsync($"Host=127.0.0.1;Port={ClusterConfiguration.FreePort()};Username=nobody;Database=none;Timeout=1");
        var client = Client(node);

        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync(HttpMethod.Get, "/health/live")).StatusCode);
        foreach (var path in (string[])["/health/ready", "/api/customers", "/api/workspaces"])
        {
            using var answer = await client.AskAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        await node.StopAsync();
    }

    [Fact]
    public async Task On_the_management_port_metrics_need_no_key()
    {
        var port = ClusterConfiguration.FreePort();
        await using var node = await StartAsync(api.ConnectionString, ("Analytics:ManagementPort", $"{port}"));
        await Client(node).ReadyAsync();

        using var inside = await new ApiClient(new Uri($"http://127.0.0.1:{port}"), null).AskAsync(HttpMethod.Get, "/metrics");
        using var outside = await Client(node, port).AskAsync(HttpMethod.Get, "/metrics");

        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, outside.StatusCode);
        await node.StopAsync();
    }

    async Task<WebApplication> StartAsync(string store, params (string Name, string Value)[] settings)
    {
        var node = AnalyticsApp.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = store,
                ["Analytics:RootKey"] = api.RootKey,
                ["ANALYTICS_DEMO"] = "0",
                ["Analytics:VerifyAt"] = "never",
                ["Serilog:MinimumLevel:Default"] = "Fatal",
            });
            foreach (var (name, value) in settings)
                builder.Configuration[name] = value;
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        });
        await node.StartAsync();
        return node;
    }

    ApiClient Client(WebApplication node, int besides = 0) =>
        new(new Uri(node.Urls.First(url => new Uri(url.Replace("*", "127.0.0.1").Replace("[::]", "127.0.0.1")).Port != besides)), besides == 0 ? api.RootKey : null);
}
