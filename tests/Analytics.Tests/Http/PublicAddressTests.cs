using System.Net;
using System.Text.Json;
using Analytics.Commands;
using Analytics.Tests.Features.Sessions;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Http;

/// <summary>Where the service says it is, under a base path, behind proxies and by its public address.</summary>
public sealed class PublicAddressTests(AnalyticsApi api)
{
    const string Forged = "https://evil.example";

    [Fact]
    public async Task A_base_path_moves_everything()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await MovedAsync("/a/b");
        var inside = new Uri(node.Address, "/a/b/");

        foreach (var path in (string[])["health/ready", "health/live", "openapi.json", "swagger/index.html", ""])
        {
            Assert.Equal(200, await StatusAsync(inside, path));
            Assert.Equal(404, await StatusAsync(node.Address, $"/{path}"));
        }
        Assert.Equal(200, await StatusAsync(node.Address, "/a/b"));
        foreach (var outside in (string[])["/a", "/a/bc/health/ready", "/A/B/health/ready", "/x/a/b/health/ready"])
            Assert.Equal(404, await StatusAsync(node.Address, outside));
        await node.Of(workspace).GetAsync("/a/b/api/customers");
        await node.Of(workspace).GetAsync("/api/customers", 404);
        var problem = await new ApiClient(node.Address, null).GetAsync("/health/ready", 404);
        Assert.Equal("Not Found", problem.GetProperty("title").GetString());
        Assert.Equal(
            ["/a/b/ui/", "/a/b/openapi.json", "/a/b/swagger", "/a/b/health/ready"],
            (await new ApiClient(node.Address, null).GetAsync("/a/b/")).EnumerateObject().Select(path => path.Value.GetString()));
        Assert.Equal("/a/b", await ServerAsync(inside));
        using (var made = await node.Of(workspace).AskAsync(HttpMethod.Post, "/a/b/api/customers", new { name = "Ada" }))
            await node.Of(workspace).GetAsync(made.Headers.Location!.OriginalString);
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("PORT", $"{node.Address.Port}"), new("Analytics:PathBase", "/a/b/")]).Build();
        await Until.HoldsAsync(async () => await HealthcheckCommand.RunAsync(settings, TextWriter.Null) == 0, "It is not healthy.");
    }

    [Theory]
    [InlineData("/a/b/", "ui/"), InlineData("/a/b", "/a/b/ui/")]
    public async Task The_root_of_a_base_path_leads_to_the_page_in_it(string path, string to)
    {
        await using var node = await MovedAsync("/a/b");
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };

        using var answer = await new ApiClient(node.Address, null).Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Found, to), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_session_lies_under_the_base_path()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await MovedAsync("/a");
        using var answer = await SignInAsync(node.Address, "/a/", workspace.Key, ("Sec-Fetch-Site", "same-origin"));

        Assert.Contains("; path=/a;", Assert.Single(answer.Headers.GetValues("Set-Cookie")));
    }

    [Fact]
    public async Task The_public_address_is_the_one_of_links_cookies_and_the_document()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:PublicUrl", "https://stats.example.com/in/"));

        Assert.StartsWith("https://stats.example.com/in/ui/open#", await CodeUrlAsync(node.Address, workspace));
        Assert.StartsWith("https://stats.example.com/in/ui/open#", await InvitationUrlAsync(node.Address, workspace));
        Assert.StartsWith("https://stats.example.com/in/api/requests/reports/link_", await ReportUrlAsync(node.Address, workspace));
        Assert.Equal("https://stats.example.com/in", await ServerAsync(node.Address));
        using var answer = await SignInAsync(node.Address, "/", workspace.Key, ("Origin", "https://stats.example.com"));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Secure-analytics_session=", cookie);
        Assert.Contains("; path=/in; secure;", cookie);
        // Whoever asks the node itself is its own page, too.
        using var direct = await SignInAsync(node.Address, "/", workspace.Key, ("Origin", node.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.Created, direct.StatusCode);
        using var evil = await SignInAsync(node.Address, "/", workspace.Key, ("Origin", Forged));
        Assert.Equal(HttpStatusCode.Forbidden, evil.StatusCode);
    }

    [Fact]
    public async Task On_https_the_cookie_is_the_hosts_alone()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:PublicUrl", "https://stats.example.com"));
        using var answer = await SignInAsync(node.Address, "/", workspace.Key, ("Sec-Fetch-Site", "same-origin"));

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-analytics_session=", cookie);
        Assert.Equal(["httponly", "max-age=43200", "path=/", "samesite=strict", "secure"], cookie.Split("; ")[1..].Order());
        Assert.Equal(200, await SessionStatusAsync(node.Address, cookie.Split(';')[0]));
        Assert.Equal(401, await SessionStatusAsync(node.Address, cookie.Split(';')[0].Replace("__Host-", "")));
    }

    [Theory]
    [InlineData(null), InlineData("10.0.0.0/8,192.168.1.7"), InlineData("::1")]
    public async Task What_a_stranger_forwards_changes_nothing(string? trusted)
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:TrustedProxies", trusted ?? ""));

        Assert.StartsWith($"{node.Address}ui/open#", await CodeUrlAsync(node.Address, workspace, Forwarding));
        Assert.StartsWith(node.Address.AbsoluteUri, await ReportUrlAsync(node.Address, workspace, Forwarding));
        using var answer = await SignInAsync(node.Address, "/", workspace.Key, [("Sec-Fetch-Site", "same-origin"), .. Forwarding]);
        Assert.StartsWith("analytics_session=", Assert.Single(answer.Headers.GetValues("Set-Cookie")));
        using var evil = await SignInAsync(node.Address, "/", workspace.Key, [("Origin", Forged), .. Forwarding]);
        Assert.Equal(HttpStatusCode.Forbidden, evil.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1"), InlineData("10.1.2.3, 127.0.0.0/8"), InlineData("127.0.0.1, ::1")]
    public async Task A_proxy_that_is_trusted_says_how_the_service_is_reached(string trusted)
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:TrustedProxies", trusted));

        Assert.StartsWith("https://evil.example/pre/ui/open#", await CodeUrlAsync(node.Address, workspace, Forwarding));
        Assert.StartsWith("https://evil.example/pre/api/requests/reports/", await ReportUrlAsync(node.Address, workspace, Forwarding));
        using var answer = await SignInAsync(node.Address, "/", workspace.Key, [("Origin", Forged), .. Forwarding]);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Secure-analytics_session=", cookie);
        Assert.Contains("; path=/pre; secure;", cookie);
    }

    [Fact]
    public async Task Every_answer_tells_the_version()
    {
        foreach (var path in (string[])["/api/customers", "/health/live", "/nothing"])
        {
            using var answer = await api.Anonymous.AskAsync(HttpMethod.Get, path);
            Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]{40})?$", Assert.Single(answer.Headers.GetValues("X-Analytics-Version")));
        }
    }

    static (string, string)[] Forwarding =>
    [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/pre/"),
    ];

    Task<Node> MovedAsync(string path) => Node.StartAsync(api, path + "/health/ready", ("Analytics:PathBase", path));

    static async Task<int> StatusAsync(Uri address, string path)
    {
        using var answer = await new ApiClient(address, null).AskAsync(HttpMethod.Get, path);
        return (int)answer.StatusCode;
    }

    static async Task<int> SessionStatusAsync(Uri address, string cookie)
    {
        var browser = new Browser(address);
        browser.Send(cookie);
        using var answer = await browser.AskAsync(HttpMethod.Get, "/api/session");
        return (int)answer.StatusCode;
    }

    static async Task<string?> ServerAsync(Uri address) =>
        Assert.Single((await new ApiClient(address, null).GetAsync("openapi.json")).GetProperty("servers").EnumerateArray())
            .GetProperty("url").GetString();

    static Task<string?> CodeUrlAsync(Uri address, WorkspaceClient workspace, params (string, string)[] headers) =>
        UrlAsync(address, workspace.Key, "api/session/codes", null, headers);

    static Task<string?> ReportUrlAsync(Uri address, WorkspaceClient workspace, params (string, string)[] headers) =>
        UrlAsync(address, workspace.Key, "api/requests/customers/acme/report/links", null, headers);

    static Task<string?> InvitationUrlAsync(Uri address, WorkspaceClient workspace) => UrlAsync(
        address, workspace.Key, $"api/workspaces/{workspace.Id}/invitations", new { email = "ada@example.com", name = "Ada", role = "viewer" });

    static async Task<string?> UrlAsync(Uri address, string? key, string path, object? body, params (string Name, string Value)[] headers)
    {
        var client = new ApiClient(address, key);
        foreach (var (name, value) in headers)
            client.Http.DefaultRequestHeaders.Add(name, value);
        return (await client.PostAsync(path, body, 201)).GetProperty("url").GetString();
    }

    static async Task<HttpResponseMessage> SignInAsync(Uri address, string under, string? key, params (string Name, string Value)[] headers)
    {
        var client = new ApiClient(address, null);
        foreach (var (name, value) in headers)
            client.Http.DefaultRequestHeaders.Add(name, value);
        return await client.AskAsync(HttpMethod.Post, $"{under}api/session", JsonSerializer.SerializeToNode(new { key }));
    }
}
