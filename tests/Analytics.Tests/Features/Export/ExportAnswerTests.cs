using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Analytics.Tests.Features.Requests;
using CsvHelper;

namespace Analytics.Tests.Features.Export;

/// <summary>How an export comes, and who gets none.</summary>
public sealed class ExportAnswerTests(AnalyticsApi api)
{
    [Fact]
    public async Task CSV_opens_with_a_library_and_says_the_same_as_NDJSON()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event("a", Some.Day, "one", metadata: new() { ["text"] = "comma, \"quote\"\r\nline", ["n"] = -1.50m }),
            Some.Event("=b+c", Some.Day.AddSeconds(1), "@two", customer: "-acme"),
            Some.Event("storefront.visit", Some.Day.AddSeconds(2), customer: null));
        await workspace.TellAsync(SomeRequests.Request("/=x", 1.5m, customer: "+acme"), SomeRequests.Request());
        var app = await workspace.NewAppAsync();
        await workspace.PostAsync($"/api/apps/{app}/downloads", """{"downloads":[{"bytes":1},{"bytes":2,"deviceId":"d"}]}""");

        foreach (var kind in (string[])["events", "requests", "downloads", "log", "views"])
            await AssertSameAsync(workspace, kind);
    }

    static async Task AssertSameAsync(WorkspaceClient workspace, string kind)
    {
        var lines = await workspace.ExportAsync(kind);
        using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/export/{kind}?format=csv");
        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        await using var csv = CsvReader.Create(await answer.Content.ReadAsStreamAsync());
        foreach (var line in lines)
        {
            Assert.True(await csv.ReadAsync());
            Assert.Equal(line.EnumerateObject().Select(member => member.Name), csv.Headers);
            foreach (var member in line.EnumerateObject())
                Assert.Equal(CellOf(member.Value), csv.GetString(member.Name));
        }

        Assert.False(await csv.ReadAsync());
    }

    static string CellOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()! is ['=' or '+' or '-' or '@', ..] formula ? "'" + formula : value.GetString()!,
        _ => value.GetRawText(),
    };

    [Fact]
    public async Task A_client_that_likes_CSV_gets_it_under_a_name_that_says_so()
    {
        var workspace = await api.NewWorkspaceAsync("Europe/Paris");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/export/views?from=2026-03-11&to=2026-03-12T10:00:00Z");
        request.Headers.Accept.Add(new("text/csv"));

        using var answer = await workspace.Http.SendAsync(request);

        Assert.Equal(
            $"attachment; filename=\"views-{workspace.Slug}-2026-03-10T230000Z-2026-03-12T100000Z.csv\"",
            answer.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("id,appId,timestamp,viewerId\r\n", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task HEAD_has_the_same_head_and_no_body()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event());
        const string path = "/api/export/events?from=2026-01-01&to=2027-01-01&format=ndjson";
        using var full = await workspace.AskAsync(HttpMethod.Get, path);

        using var head = await workspace.AskAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(full.Content.Headers.ContentDisposition, head.Content.Headers.ContentDisposition);
        Assert.Equal(full.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await workspace.AskAsync(HttpMethod.Head, "/api/export/everything")).StatusCode);
    }

    [Theory, InlineData("gzip", true), InlineData("gzip;q=0", false), InlineData("br, gzip;q=0.5", true), InlineData("br", false)]
    public async Task It_comes_as_gzip_when_the_client_takes_that(string encodings, bool isZipped)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Events(700));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/export/events");
        foreach (var encoding in encodings.Split(", "))
            request.Headers.AcceptEncoding.Add(StringWithQualityHeaderValue.Parse(encoding));

        using var answer = await workspace.Http.SendAsync(request);

        Assert.Equal(isZipped ? ["gzip"] : [], answer.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], answer.Headers.Vary);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using var plain = isZipped ? new GZipStream(body, CompressionMode.Decompress) : body;
        using var lines = new StreamReader(plain);
        Assert.Equal(700, (await lines.ReadToEndAsync()).Count(c => c == '\n'));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_request_is_told()
    {
        var workspace = await api.NewWorkspaceAsync();

        Assert.Equal(
            ["timezone", "from", "format"],
            await workspace.RefusedAsync("/api/export/log?from=2026-03-11T00:00:00&timezone=Mars&format=parquet"));
        Assert.Equal(["to"], await workspace.RefusedAsync("/api/export/events?from=2026-03-11&to=2026-03-10"));
        var refusal = await workspace.GetAsync("/api/export/events?format=parquet", 400);
        Assert.Equal("format is one of ndjson, csv.", refusal.GetProperty("errors")[0].GetProperty("message").GetString());
        await workspace.GetAsync("/api/export/everything", 404);
        await workspace.GetAsync("/api/export/Events", 404);
    }

    [Fact]
    public async Task Each_kind_wants_its_scope()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (events, logs) = (await workspace.WithScopesAsync("events:read"), await workspace.WithScopesAsync("logs:read"));

        foreach (var kind in (string[])["events", "requests", "views", "invocations", "devices", "downloads", "storage"])
        {
            Assert.Empty(await events.ExportAsync(kind));
            await logs.GetAsync($"/api/export/{kind}", 403);
        }

        Assert.All(await logs.ExportAsync("log"), line => Assert.Equal("api_key.created", line.GetProperty("eventType").GetString()));
        await events.GetAsync("/api/export/log", 403);
        await api.Anonymous.GetAsync("/api/export/events", 401);
        await api.Root.GetAsync("/api/export/events", 403);
    }

    [Fact]
    public async Task A_portal_key_gets_no_facts_of_apps()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));

        foreach (var kind in (string[])["views", "invocations", "devices", "downloads", "storage"])
            await portal.GetAsync($"/api/export/{kind}", 403);
    }
}
