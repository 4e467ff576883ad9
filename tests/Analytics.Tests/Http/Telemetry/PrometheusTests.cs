using System.Runtime.Versioning;
using Analytics.Tests.Faults;
using Analytics.Tests.Features.Webhooks;

namespace Analytics.Tests.Http.Telemetry;

// Nodes that end in the tests' own process take the framework's meters with them: these are read from a process that has one node.
[Collection<Tests.Faults.Faults>, UnsupportedOSPlatform("windows")]
public sealed class PrometheusTests(AnalyticsApi api, ServiceProcess service)
{
    [Fact]
    public async Task Nobody_but_the_root_key_reads_metrics()
    {
        var workspace = await api.NewWorkspaceAsync();

        await workspace.GetAsync("/metrics", 403);
        await api.Anonymous.GetAsync("/metrics", 401);
    }

    [Fact]
    public async Task Metrics_are_prometheus_text_for_the_root_key()
    {
        var text = await TextAsync();

        Assert.Contains("# TYPE http_server_request_duration_seconds histogram\n", text);
        Assert.Contains("http_route=\"api/customers\"", text);
        Assert.Contains("dotnet_process_memory_working_set_bytes ", text);
        Assert.All(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("^(#.*|[a-z_0-9]+(\\{.*\\})? -?[0-9.E+-]+)$", line));
    }

    [Theory]
    [InlineData("analytics_ingested_events_total", "counter")]
    [InlineData("analytics_duplicate_events_total", "counter")]
    [InlineData("analytics_queue_bytes", "gauge")]
    [InlineData("analytics_commit_seconds", "histogram")]
    public async Task Metrics_are_named_by_what_they_count(string name, string type)
    {
        var text = await TextAsync();

        Assert.Contains($"# TYPE {name} {type}\n", text);
    }

    [Fact]
    public async Task Only_histograms_have_a_count()
    {
        var lines = (await TextAsync()).Split('\n');

        var histograms = lines.Where(line => line.StartsWith("# TYPE ") && line.EndsWith(" histogram")).Select(line => line.Split(' ')[2]).ToHashSet();
        Assert.NotEmpty(histograms);
        Assert.All(
            lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', '{')[0]).Where(name => name.EndsWith("_count")),
            name => Assert.Contains(name[..^"_count".Length], histograms));
    }

    [Fact]
    public async Task Pools_of_connections_are_named_for_what_they_do()
    {
        var text = await TextAsync();

        Assert.Contains("db_client_connection_pool_name=\"analytics-reader\"", text);
        Assert.Contains("db_client_connection_pool_name=\"analytics-writer\"", text);
        Assert.DoesNotContain("Host=", text);
        Assert.DoesNotContain("Database=", text);
    }

    [Fact]
    public async Task What_is_sent_to_webhooks_is_counted_by_what_came_of_it()
    {
        await using var receiver = await Receiver.StartAsync();
        var client = (await service.NewWorkspaceAsync()).Client(TimeSpan.FromMinutes(1));
        await client.PostAsync(Hook.Route, new { url = $"{receiver.Address}", events = (string[])["customer.created"] }, 201);
        await client.PostAsync("/api/customers", new { name = "Told" }, 201);
        await receiver.CountAsync(1);

        await Until.HoldsAsync(
            async () => (await TextAsync()).Contains("analytics_webhook_tries_total{outcome=\"delivered\"} "), "The try is not counted.");
        Assert.Contains("# TYPE analytics_webhook_try_seconds histogram\n", await TextAsync());
    }

    async Task<string> TextAsync()
    {
        var workspace = await service.NewWorkspaceAsync();
        var client = workspace.Client(TimeSpan.FromMinutes(1));
        await client.GetAsync("/api/customers");
        await client.PostAsync("/api/events/ingest", """{"events":[{"name":"a","external_customer_id":"c","external_id":"1"}]}""");

        using var answer = await service.Root.AskAsync(HttpMethod.Get, "/metrics");

        Assert.StartsWith("text/plain; version=0.0.4", answer.Content.Headers.ContentType?.ToString().Replace("; charset=utf-8", ""));
        return await answer.Content.ReadAsStringAsync();
    }
}
