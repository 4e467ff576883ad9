using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>A page of another site, opened by somebody who is signed in, gets nothing of the service and changes nothing there.</summary>
public sealed class OtherSiteStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Other = "http://other.example";

    [Fact]
    public async Task A_form_of_another_site_changes_nothing()
    {
        var (workspace, visitor) = await SignedInAsync();
        // The only way for a form to look like JSON.
        await ShowAsync(visitor, $$"""
            <form method="post" enctype="text/plain" action="{{Api.Address}}api/customers">
              <input name='{"name":"Mallory","external_id":"m' value='"}'><button>Win a prize</button>
            </form>
            """);

        await visitor.Page.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(visitor.Page).ToHaveURLAsync($"{Api.Address}api/customers");
        await Expect(visitor.Page.Locator("body")).ToContainTextAsync("\"status\":401");
        Assert.Empty((await workspace.GetAsync("/api/customers")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_form_of_another_site_signs_nobody_in()
    {
        var theirs = await Api.NewWorkspaceAsync();
        var (_, visitor) = await SignedInAsync();
        var before = Assert.Single(await visitor.Context.CookiesAsync([Api.Address.ToString()])).Value;
        await ShowAsync(visitor, $$"""
            <form method="post" enctype="text/plain" action="{{Api.Address}}api/session">
              <input name='{"key":"{{theirs.Key}}","x":"' value='"}'><button>Win a prize</button>
            </form>
            """);

        await visitor.Page.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(visitor.Page.Locator("body")).ToContainTextAsync("\"status\":4");
        Assert.Equal(before, Assert.Single(await visitor.Context.CookiesAsync([Api.Address.ToString()])).Value);
    }

    [Theory]
    [InlineData("GET", "api/customers")]
    [InlineData("POST", "api/customers")]
    [InlineData("DELETE", "api/session")]
    public async Task A_script_of_another_site_reads_and_changes_nothing(string method, string path)
    {
        var (workspace, visitor) = await SignedInAsync();
        await ShowAsync(visitor, "<p>Nothing to see</p>");
        visitor.Foresees("console: Access to fetch");
        visitor.Foresees("console: Failed to load resource: net::ERR_FAILED");

        var said = await visitor.Page.EvaluateAsync<string>(
            """
            ([url, method]) => fetch(url, { method, credentials: "include", body: method === "POST" ? '{"name":"Mallory"}' : undefined })
              .then((answer) => answer.text(), (failure) => `${failure}`)
            """,
            new[] { $"{Api.Address}{path}", method });

        Assert.Equal("TypeError: Failed to fetch", said);
        Assert.Empty((await workspace.GetAsync("/api/customers")).GetProperty("data").EnumerateArray());
        Assert.Single(await visitor.Context.CookiesAsync([Api.Address.ToString()]));
    }

    [Fact]
    public async Task Another_site_cannot_put_the_page_into_a_frame()
    {
        var (workspace, visitor) = await SignedInAsync();
        visitor.Foresees("console: ");
        await ShowAsync(visitor, $"""<iframe src="{Api.Address}ui/{workspace.Slug}/overview" title="theirs"></iframe>""");

        var frame = visitor.Page.FrameLocator("iframe").Locator("html");
        await Expect(frame).Not.ToContainTextAsync(workspace.Slug);
        Assert.DoesNotContain(visitor.Page.Frames, each => each.Url.StartsWith(Api.Address.ToString(), StringComparison.Ordinal));
    }

    async Task<(WorkspaceClient Workspace, Visitor Visitor)> SignedInAsync()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees($"asked elsewhere: {Other}");
        visitor.Foresees("401 ");
        visitor.Foresees("403 ");
        return (workspace, visitor);
    }

    static async Task ShowAsync(Visitor visitor, string body)
    {
        await visitor.Page.RouteAsync($"{Other}/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = $"<title>Other</title>{body}" }));
        await visitor.Page.GotoAsync($"{Other}/");
    }
}
