namespace Analytics.Tests.Http;

public sealed class PrometheusTests(AnalyticsApi api)
{
    [Fact]
    public async Task Metrics_are_prometheus_text_for_the_root_key()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.GetAsync("/api/customers");

        using var answer = await api.Root.AskAsync(HttpMethod.Get, "/metrics");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.StartsWith("text/plain; version=0.0.4", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("# TYPE http_server_request_duration_seconds histogram\n", text);
        Assert.Contains("http_route=\"api/customers\"", text);
        Assert.Contains("dotnet_process_memory_working_set_bytes ", text);
        Assert.All(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("^(#.*|[a-z_0-9]+(\\{.*\\})? -?[0-9.E+-]+)$", line));
    }

    [Fact]
    public async Task Nobody_else_reads_them()
    {
        var workspace = await api.NewWorkspaceAsync();

        await workspace.GetAsync("/metrics", 403);
        await api.Anonymous.GetAsync("/metrics", 401);
    }
}
