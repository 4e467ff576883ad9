using System.Net.Http.Headers;
using System.Text;

namespace Analytics.Tests.Features.Sessions;

/// <summary>What other pages can have a browser send gets nothing, whatever cookie goes with it.</summary>
public sealed class OwnPageTests(AnalyticsApi api)
{
    string Own => api.Address.GetLeftPart(UriPartial.Authority);

    [Theory]
    [InlineData("same-origin", null, 201)]
    [InlineData("same-origin", "https://evil.example", 201)]
    [InlineData("same-site", null, 403)]
    [InlineData("same-site", "own", 403)]
    [InlineData("cross-site", null, 403)]
    [InlineData("cross-site", "own", 403)]
    [InlineData("none", null, 403)]
    [InlineData("", "own", 403)]
    [InlineData(null, "own", 201)]
    [InlineData(null, "own over https", 403)]
    [InlineData(null, "https://evil.example", 403)]
    [InlineData(null, "another port", 403)]
    [InlineData(null, "null", 403)]
    [InlineData(null, null, 403)]
    public async Task A_session_changes_something_for_its_own_page_only(string? site, string? origin, int status)
    {
        var workspace = await api.NewWorkspaceAsync();
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);
        var page = browser.From(site, OriginOf(origin));

        await page.PostAsync("/api/customers", new { name = "Ada" }, status);
        await page.PostAsync("/api/session/codes", null, status);
        await page.PostAsync("/api/session", new { key = workspace.Key }, status);
        await page.PostAsync("/api/events/ingest", new { events = Array.Empty<object>() }, status == 201 ? 200 : status);
        await page.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/none", status == 201 ? 404 : status);
        await page.DeleteAsync("/api/session", status == 201 ? 204 : status);
        // What only reads changes nothing, and other pages cannot read it.
        await page.GetAsync("/api/customers");
    }

    [Fact]
    public async Task A_key_needs_no_page()
    {
        var workspace = await api.NewWorkspaceAsync();
        var client = api.With(workspace.Key);
        client.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        client.Http.DefaultRequestHeaders.Add("Origin", "https://product.example");

        await client.PostAsync("/api/customers", new StringContent("""{"name":"Ada"}""", Encoding.UTF8, "text/plain"), 201);
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=utf-8", true)]
    [InlineData("text/plain", false)]
    [InlineData("text/json", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("multipart/form-data; boundary=a", false)]
    [InlineData(null, false)]
    public async Task A_session_sends_json_only(string? type, bool isTaken)
    {
        var workspace = await api.NewWorkspaceAsync();
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);

        await browser.PostAsync("/api/customers", Body("""{"name":"Ada"}""", type), isTaken ? 201 : 415);
        await browser.PostAsync("/api/events/ingest", Body("""{"events":[]}""", type), isTaken ? 200 : 415);
        await browser.PostAsync("/api/session/codes", Body("{}", type), isTaken ? 201 : 415);
        await browser.PostAsync("/api/session", Body($$"""{"key":"{{workspace.Key}}"}""", type), isTaken ? 201 : 415);
    }

    [Fact]
    public async Task Without_a_body_no_type_is_needed()
    {
        var workspace = await api.NewWorkspaceAsync();
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);

        await browser.PostAsync("/api/stream/tokens", null, 201);
        await browser.DeleteAsync($"/api/customers/{await workspace.NewCustomerAsync()}", 202);
    }

    [Fact]
    public async Task A_form_of_another_page_signs_nobody_in()
    {
        var workspace = await api.NewWorkspaceAsync();
        var page = new Browser(api.Address).From("cross-site", "https://evil.example");
        using var form = new StringContent($$"""{"key":"{{workspace.Key}}","a":"="}""", Encoding.UTF8, "text/plain");

        using var answer = await page.AskAsync(HttpMethod.Post, "/api/session", form);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Nothing_allows_another_origin_to_read_with_credentials()
    {
        var browser = await Browser.SignedInAsync(api.Address, (await api.NewWorkspaceAsync()).Key);
        var page = browser.From("cross-site", "https://evil.example");

        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/session"), (HttpMethod.Options, "/api/session"), (HttpMethod.Get, "/api/customers") })
        {
            using var answer = await page.AskAsync(method, path);
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    string? OriginOf(string? origin) => origin switch
    {
        "own" => Own,
        "own over https" => $"https://{api.Address.Host}",
        "another port" => $"http://{api.Address.Host}:{api.Address.Port + 1}",
        _ => origin,
    };

    static ByteArrayContent Body(string text, string? type)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return body;
    }
}
