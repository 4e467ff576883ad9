using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Npgsql;

namespace Analytics.Tests.Features.Ingestion;

public sealed class RequestIngestionTests(AnalyticsApi api)
{
    const string Route = "/api/requests/ingest";
    const string Good = """{"method":"GET","path":"/users/42","statusCode":200,"latencyMs":12.345,"customerId":"acme"}""";

    [Fact]
    public async Task An_empty_list_is_fine()
    {
        var workspace = await api.NewWorkspaceAsync();
        Assert.Equal("""{"inserted":0,"duplicates":0}""", (await workspace.PostAsync(Route, """{"requests":[]}""")).GetRawText());
    }

    [Fact]
    public async Task What_is_sent_is_what_is_stored()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync(Route, """
            {"requests":[{"method":"get","path":"https://shop.example/users/42?x=1","statusCode":404,"latencyMs":12.3456,"timestamp":1774605600000,
            "requestSize":1,"responseSize":2,"ip":"203.0.113.9","requestId":"r-1"}]}
            """);
        Assert.Equal(
            ["GET /users/42 404 12345 1 2 cb0071 GET:/users/:id False 2026-03-27T10:00:00Z"],
            await StoredAsync(workspace));
    }

    [Fact]
    public async Task A_retried_request_counts_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        var body = $$"""{"requests":[{{With("requestId", "1")}},{{With("requestId", "1")}},{{Good}}]}""";
        Assert.Equal("""{"inserted":2,"duplicates":1}""", (await workspace.PostAsync(Route, body)).GetRawText());
        Assert.Equal("""{"inserted":1,"duplicates":2}""", (await workspace.PostAsync(Route + "/", body)).GetRawText());
        Assert.Equal(3, (await StoredAsync(workspace)).Length);
    }

    [Fact]
    public async Task A_request_and_an_event_of_one_id_are_two_things()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "same"));
        Assert.Equal(1, Inserted(await workspace.PostAsync(Route, $$"""{"requests":[{{With("requestId", "same")}}]}""")));
        await workspace.IngestAsync(Some.Event(externalId: "same"));
        Assert.Equal(1, (await workspace.GetAsync("/api/events")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task One_invalid_request_stops_all_of_them_and_every_problem_is_named()
    {
        var workspace = await api.NewWorkspaceAsync();
        var body = $$"""{"requests":[{{Good}},{"method":"?","path":"/a","statusCode":1e3,"latencyMs":0},{{With("latencyMs", "1")}}]}""";
        Assert.Equal(
            ["/requests/1/method format", "/requests/1/statusCode range", "/requests/2/latencyMs type"],
            IngestionTests.Pointers(await workspace.PostAsync(Route, body, 400)));
        Assert.Empty(await StoredAsync(workspace));

        var answer = await workspace.PostAsync(Route + "?partial=true", body);
        Assert.Equal((1, 0, 2), (Inserted(answer), IngestionTests.Number(answer, "duplicates"), IngestionTests.Number(answer, "rejected")));
        Assert.Equal(
            ["1 /requests/1/method format", "1 /requests/1/statusCode range", "2 /requests/2/latencyMs type"],
            answer.GetProperty("errors").EnumerateArray().Select(error =>
                $"{error.GetProperty("index").GetInt32()} {error.GetProperty("pointer").GetString()} {error.GetProperty("code").GetString()}"));
        Assert.Single(await StoredAsync(workspace));
    }

    [Fact]
    public async Task A_portal_key_writes_for_its_customer_in_a_space_of_its_own()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("portal"));
        await workspace.PostAsync(Route, $$"""{"requests":[{{With("requestId", "1")}}]}""");
        const string own = """{"method":"GET","path":"/a","statusCode":200,"latencyMs":1""";
        var body = $$$"""{"requests":[{{{own}}},"requestId":"1"},{{{own}}},"customerId":"portal"},{{{own}}},"customerId":"anonymous"}]}""";
        Assert.Equal(3, Inserted(await portal.PostAsync(Route, body)));
        Assert.Equal(["/requests/0/customerId other_customer"], IngestionTests.Pointers(await portal.PostAsync(Route, $$"""{"requests":[{{Good}}]}""", 403)));
        Assert.Equal(4, (await StoredAsync(workspace)).Length);
    }

    [Fact]
    public async Task Whoever_may_not_write_events_may_not_write_requests()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync("events:read", "stats:read");
        await reader.PostAsync(Route, """{"requests":[]}""", 403);
        await api.Root.PostAsync(Route, """{"requests":[]}""", 403);
        await api.Anonymous.PostAsync(Route, """{"requests":[]}""", 401);
    }

    [Fact]
    public async Task The_body_may_name_the_keys_workspace_and_no_other()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await workspace.PostAsync(Route, $$"""{"requests":[],"workspace_id":"{{workspace.Id}}"}""");
        await workspace.PostAsync(Route, $$"""{"tenantId":"{{other.Id}}","requests":[]}""", 404);
    }

    [Fact]
    public async Task Bodies_may_be_packed_and_must_be_JSON()
    {
        var workspace = await api.NewWorkspaceAsync();
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes($$"""{"requests":[{{Good}}]}"""));
        using var packed = new ByteArrayContent(zipped.ToArray());
        packed.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        packed.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(1, Inserted(await workspace.PostAsync(Route, packed)));

        using var other = new StringContent("{\"requests\":[]}", Encoding.UTF8, "text/csv");
        await workspace.PostAsync(Route, other, 415);
        using var plain = new StringContent("{\"requests\":[]}", Encoding.UTF8, "text/plain");
        await workspace.PostAsync(Route, plain);
        await workspace.PostAsync(Route, """{"requests":[]}""".PadRight((10 << 20) + 1), 413);
    }

    [Fact]
    public async Task Whatever_characters_a_request_has_it_can_be_stored()
    {
        var workspace = await api.NewWorkspaceAsync();
        var odd = "\\ud83d\\ude00\\u2028\\uffff é日";
        await workspace.PostAsync(Route, $$"""
            {"requests":[{"method":"-_-","path":"{{odd}}","route":"\u0001{{odd}}","statusCode":100,"latencyMs":999999999.999999,"customerId":"{{odd}}",
            "apiKeyId":"{{odd}}","productId":"{{odd}}","userAgent":"\u0001{{odd}}","ip":"2001:db8::1","requestId":"\u0001{{odd}}",
            "requestSize":9007199254740992,"responseSize":9007199254740992,"timestamp":946684800000},
            {"method":"{{new string('m', 32)}}","path":"{{string.Concat(Enumerable.Repeat("😀", 2_048))}}","statusCode":599,"latencyMs":0,"userAgent":"{{new string('é', 600)}}"}]}
            """);
        Assert.Equal(2, (await StoredAsync(workspace)).Length);
    }

    static string With(string member, string text) => $$"""{{Good[..^1]}},"{{member}}":"{{text}}"}""";

    static int Inserted(System.Text.Json.JsonElement answer) => IngestionTests.Number(answer, "inserted");

    async Task<string[]> StoredAsync(WorkspaceClient workspace)
    {
        await using var command = api.Store.CreateCommand("""
            select r.method || ' ' || r.path || ' ' || r.status || ' ' || r.latency || ' ' || r.request_size || ' ' || r.response_size || ' ' || encode(r.address, 'hex'),
                   t.text,
                   r.has_route,
                   r.timestamp
            from requests r
            join workspaces w using (workspace_id)
            left join request_texts t on t.workspace_id = r.workspace_id and t.number = r.endpoint and t.kind = 1
            where w.id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new List<string>();
        while (await rows.ReadAsync())
            stored.Add($"{rows.GetString(0)} {rows.GetString(1)} {rows.GetBoolean(2)} {rows.GetDateTime(3):yyyy-MM-ddTHH:mm:ssZ}");
        return [.. stored];
    }
}
