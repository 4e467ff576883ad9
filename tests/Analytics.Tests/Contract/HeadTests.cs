using System.Net;

namespace Analytics.Tests.Contract;

public sealed class HeadTests(AnalyticsApi api)
{
    [Fact]
    public void Every_GET_but_the_streams_is_there_as_HEAD() => Assert.Equal(
        EndpointTable.Of(api).Where(route => route.Method == "GET" && !IsStream(route.Path)).Select(route => route.Path),
        EndpointTable.Of(api).Where(route => route.Method == "HEAD").Select(route => route.Path));

    [Fact]
    public async Task HEAD_says_what_GET_would_without_a_body()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event());
        string[] open = ["/", "/health/live", "/health/ready", "/swagger/v1/swagger.json", "/swagger/index.html", "/nothing", "/api/customers"];
        string[] guarded =
        [
            "/api/customers", "/api/customers?format=csv", "/api/customers?limit=0", $"/api/customers/{customer}", $"/api/customers/{Guid.NewGuid()}",
            "/api/events", "/api/event-types", $"/api/workspaces/{workspace.Slug}", $"/api/workspaces/{workspace.Id}/keys", "/api/metrics/limits",
            "/api/metrics?start_date=2026-03-10&end_date=2026-03-11&interval=day", "/metrics",
        ];
        foreach (var (client, path) in open.Select(path => (api.Anonymous, path)).Concat(guarded.Select(path => ((ApiClient)workspace, path))))
            await AssertSameAsync(client, path);
    }

    [Fact]
    public async Task A_large_answer_has_the_same_head()
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var number = 0; number < 30; number++)
            await workspace.PostAsync("/api/customers", new { metadata = new { text = new string('x', 8_000) } }, 201);

        await AssertSameAsync(workspace, "/api/customers");
        Assert.Equal(30, (await workspace.GetAsync("/api/customers")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task The_process_metrics_answer_it_too()
    {
        using var head = await api.Root.AskAsync(HttpMethod.Head, "/metrics");

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("text/plain", head.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory, InlineData("/api/stream/workspaces/{0}"), InlineData("/api/v1/events/stream"), InlineData("/api/stream/user")]
    public async Task Streams_take_GET_only(string path)
    {
        var workspace = await api.NewWorkspaceAsync();

        using var answer = await workspace.AskAsync(HttpMethod.Head, string.Format(path, workspace.Id));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET"], answer.Content.Headers.Allow);
    }

    static async Task AssertSameAsync(ApiClient client, string path)
    {
        using var get = await client.AskAsync(HttpMethod.Get, path);
        using var head = await client.AskAsync(HttpMethod.Head, path);

        Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
        Assert.Equal(Headers(get, path), Headers(head, path));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    // All but those that are another at every request.
    static string Headers(HttpResponseMessage answer, string path) => string.Join('\n', answer.Headers.Concat(answer.Content.Headers)
        .Where(header => header.Key is not ("Date" or "X-Request-ID" or "Transfer-Encoding"))
        .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal).Prepend(path));

    static bool IsStream(string path) => path.Contains("stream", StringComparison.Ordinal);
}
