using System.Net;
using Analytics.Tests.Features.Sessions;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Http;

/// <summary>The service behind a real nginx that ends TLS: at a prefix that it takes away, at one that it leaves, and at a host of its own.</summary>
public sealed class BehindProxyTests(AnalyticsApi api)
{
    public static TheoryData<string, bool> Places => new() { { "/analytics/", true }, { "/analytics/", false }, { "/", false } };

    [Theory, MemberData(nameof(Places))]
    public async Task Links_and_cookies_are_those_of_the_proxy(string path, bool takesPathAway)
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await NodeAsync(path, takesPathAway);
        await using var proxy = await TlsProxy.StartAsync(node.Address, path, takesPathAway);
        var key = new ApiClient(proxy.Address, workspace.Key);

        var code = (await key.PostAsync("api/session/codes", null, 201)).GetProperty("url").GetString()!;
        var report = (await key.PostAsync("api/requests/customers/acme/report/links", null, 201)).GetProperty("url").GetString()!;
        Assert.StartsWith($"{proxy.Address}ui/open#code_", code);
        Assert.StartsWith($"{proxy.Address}api/requests/reports/link_", report);
        using (var page = await new ApiClient(proxy.Address, null).AskAsync(HttpMethod.Get, report))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var paths = (await new ApiClient(proxy.Address, null).GetAsync("")).GetProperty("openapi").GetString();
        var server = (await new ApiClient(proxy.Address, null).GetAsync(paths!)).GetProperty("servers")[0].GetProperty("url").GetString();
        Assert.Equal(path.TrimEnd('/') is { Length: > 0 } under ? under : "/", server);

        var browser = new Browser(proxy.Address);
        await browser.SignInAsync(new { code = code.Split('#')[1] });
        Assert.StartsWith(path == "/" ? "__Host-analytics_session=" : "__Secure-analytics_session=", browser.SetCookie);
        Assert.Contains($"; path={(path == "/" ? "/" : "/analytics")}; secure; samesite=strict; httponly", browser.SetCookie);
        await browser.PostAsync("api/customers", new { name = "Ada" }, 201);
        var own = proxy.Address.GetLeftPart(UriPartial.Authority);
        await browser.From(null, own).PostAsync("api/customers", new { name = "Ada" }, 201);
        await browser.From(null, node.Address.GetLeftPart(UriPartial.Authority)).PostAsync("api/customers", new { name = "Ada" }, 403);
        await browser.From("cross-site", own).PostAsync("api/customers", new { name = "Ada" }, 403);
        await browser.SignOutAsync();
        Assert.Contains("expires=Thu, 01 Jan 1970", browser.SetCookie);
        await browser.LookAsync(401);
    }

    [Theory, MemberData(nameof(Places))]
    public async Task Streams_come_as_they_are_sent(string path, bool takesPathAway)
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await NodeAsync(path, takesPathAway);
        await using var proxy = await TlsProxy.StartAsync(node.Address, path, takesPathAway);
        var browser = await Browser.SignedInAsync(proxy.Address, workspace.Key);
        await using var stream = await OpenStream.OpenAsync(browser, $"api/stream/workspaces/{workspace.Id}");

        // One after the other: what a proxy holds back comes with what fills its buffer, or never.
        for (var n = 1; n <= 3; n++)
        {
            await workspace.IngestAsync(Numbered.Event(n));
            Assert.Equal(n, (await stream.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task Nobody_says_through_the_proxy_what_only_the_proxy_may_say()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await NodeAsync("/analytics/", takesPathAway: true);
        await using var proxy = await TlsProxy.StartAsync(node.Address, "/analytics/", takesPathAway: true);
        var client = new ApiClient(proxy.Address, workspace.Key);
        foreach (var (name, value) in new[] { ("Host", "evil"), ("Proto", "http"), ("Prefix", "/evil"), ("For", "203.0.113.7, 127.0.0.1") })
            client.Http.DefaultRequestHeaders.Add($"X-Forwarded-{name}", value);

        var code = await client.PostAsync("api/session/codes", null, 201);

        Assert.StartsWith($"{proxy.Address}ui/open#code_", code.GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_proxy_that_is_not_trusted_is_not_believed()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        await using var proxy = await TlsProxy.StartAsync(node.Address, "/analytics/", takesPathAway: true);

        var code = await new ApiClient(proxy.Address, workspace.Key).PostAsync("api/session/codes", null, 201);

        Assert.StartsWith($"{node.Address}ui/open#code_", code.GetProperty("url").GetString());
    }

    Task<Node> NodeAsync(string path, bool takesPathAway) => takesPathAway || path == "/"
        ? Node.StartAsync(api, ("Analytics:TrustedProxies", "127.0.0.1"))
        : Node.StartAsync(api, "/analytics/health/ready", ("Analytics:TrustedProxies", "127.0.0.1"), ("Analytics:PathBase", "/analytics"));
}
