using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class ShellStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Fact]
    public async Task Without_scripts_the_page_explains_itself()
    {
        var visitor = await VisitorAsync(new() { HasScripts = false });

        await visitor.GoAsync("acme/overview");

        // By their elements: what looks for texts passes noscript over.
        var text = visitor.Page.Locator("noscript p");
        await Expect(text).ToBeVisibleAsync();
        await Expect(text).ToContainTextAsync("drawn by JavaScript, which is switched off here");
        var documentation = text.Locator("a");
        await Expect(documentation).ToBeVisibleAsync();
        Assert.Equal("../swagger", await documentation.GetAttributeAsync("href"));
    }

    [Fact]
    public async Task Without_built_files_the_page_says_why()
    {
        var empty = Directory.CreateTempSubdirectory("analytics-no-web-");
        var node = await NodeAsync(("Analytics:Web", empty.FullName));
        var visitor = await VisitorAsync(service: node.Address);

        await visitor.GoAsync("");

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "The dashboard is not here" })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText($"curl -s {node.Address}openapi.json")).ToBeVisibleAsync();
        empty.Delete();
    }

    [Fact]
    public async Task After_an_upgrade_an_open_tab_loads_itself_anew_once_and_goes_on()
    {
        using var files = BuiltPage.Copy();
        var node = await NodeAsync(("Analytics:Web", files.Folder));
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace, service: node.Address);
        visitor.Foresees("404 GET /ui/");
        await visitor.GoAsync($"{workspace.Slug}/metrics");
        await visitor.SeesThePageAsync();
        var loads = 0;
        visitor.Page.Request += (_, request) => loads += request.IsNavigationRequest ? 1 : 0;

        files.Upgrade();
        await Link(visitor, "Settings").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Theme");
        Assert.Equal(1, loads);
        Assert.EndsWith($"/ui/{workspace.Slug}/settings", new Uri(visitor.Page.Url).AbsolutePath);
    }

    [Fact]
    public async Task A_page_whose_script_stays_lost_says_so_instead_of_loading_for_ever()
    {
        using var files = BuiltPage.Copy();
        var node = await NodeAsync(("Analytics:Web", files.Folder));
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace, service: node.Address);
        visitor.Foresees("404 GET /ui/settings-");
        await visitor.GoAsync($"{workspace.Slug}/metrics");
        await visitor.SeesThePageAsync();

        files.Lose("settings-");
        await Link(visitor, "Settings").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("could not be loaded");
        await Expect(Link(visitor, "Overview")).ToBeVisibleAsync();
    }

    static ILocator Link(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })
        .GetByRole(AriaRole.Link, new() { Name = name, Exact = true });
}
