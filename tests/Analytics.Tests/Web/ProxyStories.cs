using Analytics.Tests.Features.Streams;
using Analytics.Tests.Http;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>The dashboard below a path, behind a real nginx that ends TLS.</summary>
public sealed class ProxyStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Below_a_path_signing_in_deep_links_the_live_log_and_signing_out_work(bool takesPathAway)
    {
        const string Path = "/analytics/";
        var workspace = await Api.NewWorkspaceAsync();
        var node = UntilEverybodyHasLeft(takesPathAway
            ? await Node.StartAsync(Api, ("Analytics:TrustedProxies", "127.0.0.1"))
            : await Node.StartAsync(
                Api, "/analytics/health/ready", ("Analytics:TrustedProxies", "127.0.0.1"), ("Analytics:PathBase", "/analytics")));
        var proxy = UntilEverybodyHasLeft(await TlsProxy.StartAsync(node.Address, Path, takesPathAway));
        var visitor = await VisitorAsync(new() { TrustsAnybody = true }, proxy.Address);
        var page = visitor.Page;

        await visitor.GoAsync($"{workspace.Slug}/log");
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(workspace.Key!);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Log().State).ToHaveTextAsync("Live");
        Assert.StartsWith($"{proxy.Address}ui/{workspace.Slug}/log", page.Url);

        await workspace.IngestAsync(Numbered.Events(0, 3));
        await Expect(page.Log().Counts).ToHaveAttributeAsync("data-received", "3");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();
        await visitor.ShownAsync("metrics-all");
        await visitor.GoAsync($"{workspace.Slug}/events/types?period=7d");
        await visitor.ShownAsync("events-types");

        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Signed in" }).ClickAsync();
        await page.GetByRole(Microsoft.Playwright.AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("Key", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(await visitor.Context.CookiesAsync());
    }
}
