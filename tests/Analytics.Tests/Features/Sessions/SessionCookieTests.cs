using System.Text.Json;

namespace Analytics.Tests.Features.Sessions;

/// <summary>The cookie that a session is, and what is none.</summary>
public sealed class SessionCookieTests(AnalyticsApi api)
{
    [Fact]
    public async Task The_cookie_is_for_the_browser_alone()
    {
        var browser = await Browser.SignedInAsync(api.Address, (await api.NewWorkspaceAsync()).Key);

        var parts = browser.SetCookie!.Split("; ");
        Assert.StartsWith("analytics_session=", parts[0]);
        Assert.Equal(["httponly", "max-age=43200", "path=/", "samesite=strict"], parts[1..].Order());
    }

    [Fact]
    public async Task Who_signs_out_has_no_cookie_any_more()
    {
        var browser = await Browser.SignedInAsync(api.Address, (await api.NewWorkspaceAsync()).Key);

        await browser.SignOutAsync();

        var parts = browser.SetCookie!.Split("; ");
        Assert.Equal("analytics_session=", parts[0]);
        Assert.Equal(["expires=Thu, 01 Jan 1970 00:00:00 GMT", "httponly", "path=/", "samesite=strict"], parts[1..].Order());
        await browser.LookAsync(401);
        await api.Anonymous.DeleteAsync("/api/session");
    }

    [Fact]
    public async Task Answers_to_one_session_are_kept_for_no_other()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event());
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);

        using var answer = await browser.AskAsync(HttpMethod.Get, "/api/metrics?start_date=2026-03-01&end_date=2026-03-02&interval=day");

        Assert.NotNull(answer.Headers.ETag);
        Assert.Equal("Authorization, X-API-Key, Cookie", string.Join(", ", answer.Headers.Vary));
        using var session = await browser.AskAsync(HttpMethod.Get, "/api/session");
        Assert.True(session.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_key_that_is_sent_wins_over_the_session()
    {
        var (one, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var browser = await Browser.SignedInAsync(api.Address, one.Key);

        Assert.Equal(200, await StatusAsync(browser, one.Id));
        Assert.Equal(404, await StatusAsync(browser, one.Id, ("X-API-Key", other.Key!)));
        Assert.Equal(404, await StatusAsync(browser, one.Id, ("Authorization", $"Bearer {other.Key}")));
        Assert.Equal(401, await StatusAsync(browser, one.Id, ("Authorization", "nonsense")));
        Assert.Equal(401, await StatusAsync(browser, one.Id, ("X-API-Key", "")));
        Assert.Equal(401, await StatusAsync(browser, one.Id, ("Authorization", "")));
    }

    [Theory]
    [InlineData("nonsense"), InlineData(""), InlineData("ak_00000000_wrong")]
    public async Task A_bad_key_is_401_and_sets_nothing(string key)
    {
        var browser = new Browser(api.Address);

        await browser.SignInAsync(new { key }, 401);

        Assert.Null(browser.SetCookie);
        using var answer = await browser.AskAsync(HttpMethod.Get, "/api/session");
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task All_ways_to_sign_in_wrongly_are_told_apart_from_a_bad_key()
    {
        var browser = new Browser(api.Address);

        foreach (var body in (string[])["{}", """{"key":null}""", """{"key":7}""", """{"key":"a","code":"b"}""", "[]", "{"])
            await browser.PostAsync("/api/session", body, 400);
        await browser.PostAsync("/api/session", null, 400);
    }

    [Fact]
    public async Task A_token_a_link_and_a_session_are_nothing_to_each_other()
    {
        var workspace = await api.NewWorkspaceAsync();
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);
        var session = browser.Session;
        var token = Text(await workspace.PostAsync("/api/stream/tokens", null, 201), "token");
        var link = Text(await workspace.PostAsync("/api/requests/customers/acme/report/links", null, 201), "url")!.Split('/')[^1];
        var code = Text(await workspace.PostAsync("/api/session/codes", null, 201), "code");

        foreach (var other in (string?[])[token, link, code, workspace.Key])
        {
            browser.Send($"analytics_session={other}");
            await browser.LookAsync(401);
        }
        await api.Anonymous.GetAsync($"/api/stream/workspaces/{workspace.Id}?access_token={session}", 401);
        await api.Anonymous.GetAsync($"/api/requests/reports/{session}", 401);
        await api.With(session).GetAsync("/api/session", 401);
        foreach (var other in (string?[])[token, link, code, session])
            await new Browser(api.Address).SignInAsync(new { key = other }, 401);
        foreach (var other in (string?[])[token, link, workspace.Key, session])
            await new Browser(api.Address).SignInAsync(new { code = other }, 401);
    }

    [Fact]
    public async Task A_session_that_was_tampered_with_is_none()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);
        var others = await Browser.SignedInAsync(api.Address, other.Key);
        var session = browser.Session;

        foreach (var tampered in (string[])[
            session[..^1] + (session[^1] == 'A' ? 'B' : 'A'), others.Session[..20] + session[20..], session + "A", session[..^4], "",
            new string('!', session.Length), new string('A', session.Length)])
        {
            browser.Send($"analytics_session={tampered}");
            await browser.LookAsync(401);
        }
        foreach (var name in (string[])["__Host-analytics_session", "__Secure-analytics_session"])
        {
            browser.Send($"{name}={session}");
            await browser.LookAsync(401);
        }
    }

    static async Task<int> StatusAsync(Browser browser, Guid workspace, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/workspaces/{workspace}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await browser.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    static string? Text(JsonElement holder, string member) => holder.GetProperty(member).GetString();
}
