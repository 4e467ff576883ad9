using System.Net;

namespace Analytics.Tests.Features.Business.Reports;

/// <summary>Links to saved reports open what the report comes to, and nothing else.</summary>
public sealed class ReportLinksTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_link_opens_what_the_report_comes_to_without_a_key()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Now), Some.Event(at: Now, customer: "<script>alert(1)</script>"));
        var report = await workspace.SaveAsync(SomeReports.ByCustomer("<b>Tasks</b>"));

        var url = await LinkAsync(workspace, report);
        using var page = await api.Anonymous.AskAsync(HttpMethod.Get, url);
        var text = await page.Content.ReadAsStringAsync();

        Assert.StartsWith($"{api.Address}api/v1/analytics/reports/links/link_", url);
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.StatusCode, page.Content.Headers.ContentType!.ToString()));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Contains("<h1>&lt;b&gt;Tasks&lt;/b&gt;</h1>", text);
        Assert.Contains("<tr><td>acme</td><td>1</td></tr>", text);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", text);
        Assert.DoesNotContain("<script", text);

        await workspace.IngestAsync(Some.Event(at: Now), Some.Event(at: Now));
        using var rows = await api.Anonymous.AskAsync(HttpMethod.Get, url + "?format=csv");
        Assert.Equal(["customer,count", "acme,3", "<script>alert(1)</script>,1"], (await rows.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n"));
    }

    [Fact]
    public async Task A_link_opens_its_own_report_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var token = (await LinkAsync(workspace, await workspace.SaveAsync(SomeReports.ByCustomer()))).Split('/')[^1];
        var ofCustomer = (await workspace.PostAsync("/api/requests/customers/acme/report/links", null, 201)).GetProperty("url").GetString()!.Split('/')[^1];

        await api.Anonymous.GetAsync($"/api/requests/reports/{token}", 401);
        await api.Anonymous.GetAsync($"{SomeReports.Path}/links/{ofCustomer}", 401);
        await api.Anonymous.GetAsync($"{SomeReports.Path}/links/{token[..^4]}", 401);
        await api.With(token).GetAsync(SomeReports.Path, 401);
        await api.Anonymous.GetAsync($"{SomeReports.Path}?access_token={token}", 401);
    }

    [Fact]
    public async Task A_link_dies_with_its_key_and_with_its_report()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (one, other) = (await workspace.SaveAsync(SomeReports.ByCustomer()), await workspace.SaveAsync(SomeReports.ByCustomer()));
        var key = await workspace.WithScopesAsync("stats:read");
        string[] urls = [await LinkAsync(key, one), await LinkAsync(workspace, other)];
        foreach (var url in urls)
        {
            using var answer = await api.Anonymous.AskAsync(HttpMethod.Get, url);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{key.KeyId}");
        await workspace.DeleteAsync(other);

        foreach (var url in urls)
            await api.Anonymous.GetAsync(url, 401);
    }

    [Fact]
    public async Task A_link_is_good_for_a_week_unless_it_says_otherwise()
    {
        var workspace = await api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer());

        var usual = await workspace.PostAsync($"{report}/links", null, 201);
        var longest = await workspace.PostAsync($"{report}/links", new { expiresAt = Now.AddDays(29.9) }, 201);

        Assert.Equal(7, (usual.GetProperty("expiresAt").GetDateTimeOffset() - Now).TotalDays, 0.05);
        Assert.Equal(29.9, (longest.GetProperty("expiresAt").GetDateTimeOffset() - Now).TotalDays, 0.05);
        foreach (var expiresAt in (string[])["2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
        {
            var problem = await workspace.PostAsync($"{report}/links", new { expiresAt }, 400);
            Assert.Equal("/expiresAt", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
        }
    }

    static async Task<string> LinkAsync(ApiClient client, string report) =>
        (await client.PostAsync($"{report}/links", null, 201)).GetProperty("url").GetString()!;
}
