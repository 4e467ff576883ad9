using System.Net;
using Analytics.Tests.Features.Erasure;

namespace Analytics.Tests.Features.Requests;

/// <summary>Reports of customers, and links to them; all of them end today.</summary>
public sealed class ReportTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Today = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_report_tells_of_every_day()
    {
        var workspace = await ToldAsync();
        var report = await workspace.GetAsync("/api/requests/customers/acme/report?days=3");

        Assert.Equal(
            $$$"""{"customerId":"acme","from":"{{{Day(-2)}}}","to":"{{{Day(0)}}}","totalRequests":4,"dailyRequests":{"{{{Day(-2)}}}":0,"{{{Day(-1)}}}":1,"{{{Day(0)}}}":3},"topEndpoints":[{"endpoint":"GET:/a","count":2},{"endpoint":"GET:/b","count":1},{"endpoint":"GET:/c","count":1}],"avgLatency":25,"totalDataTransfer":400,"errorRate":25,"latency":{"p50":25,"p90":37,"p95":38.5,"p99":39.7}}""",
            report.GetRawText());
        Assert.Equal(
            ["date,requests,errors,avgLatency,dataTransfer", $"{Day(-2)},0,0,0,0", $"{Day(-1)},1,0,10,100", $"{Day(0)},3,1,30,300"],
            await LinesAsync(workspace, "/api/requests/customers/acme/report?days=3&format=csv"));
        Assert.Equal(
            30, (await workspace.GetAsync("/api/requests/customers/acme/report")).GetProperty("dailyRequests").EnumerateObject().Count());
    }

    [Fact]
    public async Task Whoever_is_unknown_has_used_nothing()
    {
        var workspace = await ToldAsync();

        var report = await workspace.GetAsync("/api/requests/customers/nobody%2Fhere/report?days=1");

        Assert.Equal(
            report.GetRawText().Replace("nobody/here", "acme"),
            (await (await api.NewWorkspaceAsync()).GetAsync("/api/requests/customers/acme/report?days=1")).GetRawText());
        Assert.Equal(
            $$$"""{"customerId":"nobody/here","from":"{{{Day(0)}}}","to":"{{{Day(0)}}}","totalRequests":0,"dailyRequests":{"{{{Day(0)}}}":0},"topEndpoints":[],"avgLatency":0,"totalDataTransfer":0,"errorRate":0,"latency":{"p50":0,"p90":0,"p95":0,"p99":0}}""",
            report.GetRawText());
    }

    [Fact]
    public async Task Either_id_and_anonymous_have_a_report()
    {
        var workspace = await ToldAsync();
        var id = await workspace.NewCustomerAsync("acme");

        foreach (var (asked, name, count) in new[] { ("acme", "acme", 4), ($"{id}", "acme", 4), ("anonymous", "anonymous", 2) })
        {
            var report = await workspace.GetAsync($"/api/requests/customers/{asked}/report?days=30&timezone=Asia/Kathmandu");
            Assert.Equal((name, count), (report.GetProperty("customerId").GetString(), report.GetProperty("totalRequests").GetInt32()));
        }
    }

    [Fact]
    public async Task A_portal_key_has_its_customers_report_and_no_other()
    {
        var workspace = await ToldAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("bob"));

        Assert.Equal(1, (await portal.GetAsync("/api/requests/customers/bob/report")).GetProperty("totalRequests").GetInt32());
        var (foreign, unknown) = (
            await portal.GetAsync("/api/requests/customers/acme/report"), await portal.GetAsync("/api/requests/customers/never/report"));
        Assert.Equal(unknown.GetRawText().Replace("never", "acme"), foreign.GetRawText());
        Assert.Equal(0, (await portal.GetAsync("/api/requests/customers/anonymous/report")).GetProperty("totalRequests").GetInt32());
        await LinesAsync(api.Anonymous, await LinkAsync(portal, "acme") + "?format=csv");
    }

    [Fact]
    public async Task A_report_prints_as_a_page_that_runs_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(Enumerable.Range(0, 1_234).Select(_ => Told.Request(Today, "/<script>alert(1)</script>", customer: "<b>acme</b>", size: 1_000_000)));

        using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/requests/customers/%3Cb%3Eacme%3C%2Fb%3E/report?format=html&days=2&tenantId={workspace.Id}");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("&lt;b&gt;acme&lt;/b&gt;", page);
        Assert.Contains("GET:/&lt;script&gt;alert(1)&lt;/script&gt;", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<b>", page);
        Assert.DoesNotContain("http", page);
        Assert.Contains("<dd>1,234</dd>", page);
        // Somebody of several workspaces stays in this one.
        Assert.Contains($"?format=csv&amp;days=2&amp;timezone=UTC&amp;tenantId={workspace.Id}", page);
        Assert.Contains("<dd>1,234,000,000 bytes</dd>", page);
        Assert.Equal(2, page.Split("<rect ").Length - 1);
    }

    [Fact]
    public async Task A_link_opens_that_report_without_a_key()
    {
        var workspace = await ToldAsync();

        var url = await LinkAsync(workspace, "acme", new { days = 2, timezone = "UTC" });
        using var page = await api.Anonymous.AskAsync(HttpMethod.Get, url);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Contains("API usage of acme", await page.Content.ReadAsStringAsync());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Equal([$"{Day(-1)},1,0,10,100", $"{Day(0)},3,1,30,300"], (await LinesAsync(api.Anonymous, url + "?format=csv"))[1..]);
        Assert.DoesNotContain("acme", url);
        // It is good for nothing else.
        await api.Anonymous.GetAsync("/api/requests/dashboard?access_token=" + url.Split('/')[^1], 401);
        await api.With(url.Split('/')[^1]).GetAsync("/api/requests/dashboard", 401);
    }

    [Fact]
    public async Task A_spoilt_link_is_401()
    {
        var workspace = await ToldAsync();
        var url = await LinkAsync(workspace, "acme");
        var token = url.Split('/')[^1];

        foreach (var at in (int[])[5, 20, 40, token.Length - 3])
        {
            var spoilt = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            await api.Anonymous.GetAsync($"/api/requests/reports/{spoilt}", 401);
        }

        foreach (var other in (string[])[token[..^4], "link_", "link_A", "x", token + "AAAA"])
            await api.Anonymous.GetAsync($"/api/requests/reports/{other}", 401);
    }

    [Fact]
    public async Task A_link_dies_with_the_key_that_made_it()
    {
        var workspace = await ToldAsync();
        var key = await workspace.WithScopesAsync("stats:read");
        var (_, user) = await api.NewUserAsync((workspace, "viewer"));
        string[] urls = [await LinkAsync(key, "acme"), await LinkAsync(user, "acme")];
        foreach (var url in urls)
            await LinesAsync(api.Anonymous, url + "?format=csv");

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{key.KeyId}");
        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/members/{(await api.Root.GetAsync($"/api/workspaces/{workspace.Id}/members")).GetProperty("data")[0].GetProperty("user_id").GetString()}");

        foreach (var url in urls)
            await api.Anonymous.GetAsync(url, 401);
    }

    [Fact]
    public async Task A_link_dies_with_its_customer_and_never_opens_another_ones_report()
    {
        var workspace = await ToldAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        string[] urls = [await LinkAsync(workspace, "acme"), await LinkAsync(workspace, $"{customer}")];

        await workspace.EraseAsync(customer);
        foreach (var url in urls)
            await api.Anonymous.GetAsync(url, 401);

        await workspace.NewCustomerAsync("acme");
        await workspace.TellAsync(Told.Request(Today, customer: "acme"));
        foreach (var url in urls)
            await api.Anonymous.GetAsync(url, 401);
    }

    [Theory]
    [InlineData("""{"days":0}""", "/days")]
    [InlineData("""{"days":366}""", "/days")]
    [InlineData("""{"expiresAt":"2020-01-01T00:00:00Z"}""", "/expiresAt")]
    [InlineData("""{"expiresAt":"9999-12-31T23:59:59Z"}""", "/expiresAt")]
    [InlineData("""{"expiresAt":"0001-01-01T00:00:00Z"}""", "/expiresAt")]
    [InlineData("""{"timezone":"Mars"}""", "/timezone")]
    public async Task A_link_that_makes_no_sense_is_400(string body, string pointer)
    {
        var problem = await (await api.NewWorkspaceAsync()).PostAsync("/api/requests/customers/acme/report/links", body, 400);

        Assert.Equal(pointer, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("days=0", "days")]
    [InlineData("days=366", "days")]
    [InlineData("days=x", "days")]
    [InlineData("timezone=Mars", "timezone")]
    public async Task A_report_that_makes_no_sense_is_400(string query, string parameter)
    {
        var problem = await (await api.NewWorkspaceAsync()).GetAsync($"/api/requests/customers/acme/report?{query}", 400);

        Assert.Equal(parameter, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_link_is_good_for_a_week_unless_it_says_otherwise()
    {
        var workspace = await api.NewWorkspaceAsync();

        var usual = await workspace.PostAsync("/api/requests/customers/acme/report/links", null, 201);
        var longest = await workspace.PostAsync("/api/requests/customers/acme/report/links", new { expiresAt = TimeProvider.System.GetUtcNow().AddDays(29.9) }, 201);

        Assert.Equal(7, (usual.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalDays, 0.01);
        Assert.Equal(29.9, (longest.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalDays, 0.01);
        Assert.StartsWith(api.Address + "api/requests/reports/", usual.GetProperty("url").GetString());
    }

    async Task<WorkspaceClient> ToldAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(
            Told.Request(Today.AddDays(-1), "/a", 10), Told.Request(Today, "/b", 20, 500), Told.Request(Today, "/a", 30), Told.Request(Today, "/c", 40),
            Told.Request(Today, customer: "bob"), Told.Request(Today, customer: null), Told.Request(Today, customer: "anonymous"));
        return workspace;
    }

    static async Task<string> LinkAsync(ApiClient client, string customer, object? body = null) =>
        (await client.PostAsync($"/api/requests/customers/{customer}/report/links", body, 201)).GetProperty("url").GetString()!;

    static async Task<string[]> LinesAsync(ApiClient client, string path)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.OK, "text/csv; charset=utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
    }

    static string Day(int fromToday) => $"{Today.UtcDateTime.AddDays(fromToday):yyyy-MM-dd}";
}
