using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>Somebody without a mouse: Tab, Enter, arrows and letters, and the focus is always seen.</summary>
public sealed class NoMouseStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Range = "from=2026-03-09&to=2026-03-13";

    const string IsSeen = """
        () => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return document.activeElement.matches(":focus-visible") && outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        }
        """;

    [Fact]
    public async Task All_is_reached_by_keys_from_signing_in_to_a_filter_and_back()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Cost(Some.Day, 500), Cost(Some.Day.AddDays(1), 220, customer: "globex"));
        var visitor = await VisitorAsync();
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await visitor.GoAsync($"{workspace.Slug}/overview?{Range}");
        await Expect(page.GetByLabel("key")).ToBeFocusedAsync();
        await keys.TypeAsync(workspace.Key!);
        await keys.PressAsync("Enter");

        // Past the rail, to a number.
        var tile = (await visitor.ShownAsync("overview-tiles")).Tile("costs");
        await Expect(tile).ToHaveAttributeAsync("data-value", "720");
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Skip to the page" }));
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await TabToAsync(page, tile);
        await keys.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(At($"metrics/costs?{Range}"));

        // Compared, and filtered.
        await TabToAsync(page, page.GetByLabel("Compare", new() { Exact = true }));
        await keys.PressAsync("ArrowDown");
        await Expect(page).ToHaveURLAsync(At($"metrics/costs?{Range}&compare=previous"));
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }));
        await keys.PressAsync("Enter");
        await TabToAsync(page, page.GetByLabel("Value"));
        await keys.TypeAsync("globex");
        await keys.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(At($"metrics/costs?{Range}&compare=previous&customer=globex"));
        var panel = await visitor.ShownAsync("metrics-one");
        await Expect(panel.Tile("costs")).ToHaveAttributeAsync("data-value", "220");

        await MenuAsync(page, panel);
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Remove Customer globex" }));
        await keys.PressAsync("Enter");
        await Expect(panel.Tile("costs")).ToHaveAttributeAsync("data-value", "720");
        await page.GoBackAsync();
        await Expect(panel.Tile("costs")).ToHaveAttributeAsync("data-value", "220");
    }

    [Fact]
    public async Task Lists_drawers_and_dialogs_take_the_focus_and_give_it_back()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Cost(Some.Day, 500, "order.placed"), Cost(Some.Day.AddDays(1), 220, "order.sent"));
        var visitor = await SignedInAsync(workspace);
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await visitor.GoAsync($"{workspace.Slug}/events/browse?{Range}");
        var list = await visitor.ShownAsync("events-browse");

        await keys.PressAsync("j");
        await keys.PressAsync("j");
        var row = list.Locator("tbody tr").Nth(1).Locator(".row-link");
        await Expect(row).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        var drawer = page.GetByRole(AriaRole.Dialog, new() { Name = "Event", Exact = true });
        await Expect(drawer).ToContainTextAsync("order.placed");
        await TabToAsync(page, drawer.GetByRole(AriaRole.Button, new() { Name = "Close" }));
        await keys.PressAsync("Escape");
        await Expect(drawer).ToHaveCountAsync(0);
        await Expect(page).ToHaveURLAsync(At($"events/browse?{Range}"));
        await Expect(row).ToBeFocusedAsync();

        var dates = page.GetByRole(AriaRole.Button, new() { Name = "Choose dates" });
        await TabToAsync(page, dates);
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Choose dates" })).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(dates).ToBeFocusedAsync();
    }

    /// <summary>Goes on by Tab until there, as many times as a page may have stops.</summary>
    static async Task TabToAsync(IPage page, ILocator there)
    {
        for (var stops = 0; stops < 100; stops++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (!await there.EvaluateAsync<bool>("each => each === document.activeElement"))
                continue;
            Assert.True(await page.EvaluateAsync<bool>(IsSeen), $"The focus is not seen on {there}.");
            return;
        }

        Assert.Fail($"{there} is not reached by Tab.");
    }

    /// <summary>The chart as a table by the panel's menu, and back.</summary>
    static async Task MenuAsync(IPage page, ILocator panel)
    {
        var menu = panel.Locator(".panel-head [aria-haspopup=menu]");
        await TabToAsync(page, menu);
        for (var tables = 1; tables >= 0; tables--)
        {
            await page.Keyboard.PressAsync("Enter");
            await Expect(panel.GetByRole(AriaRole.Menuitem, new() { Name = "Copy as curl" })).ToBeFocusedAsync();
            foreach (var key in (string[])["ArrowDown", "ArrowDown", "ArrowDown", "Enter"])
                await page.Keyboard.PressAsync(key);
            await Expect(panel.GetByRole(AriaRole.Table)).ToHaveCountAsync(tables);
            await Expect(menu).ToBeFocusedAsync();
        }
    }

    static Regex At(string address) => new($"/{Regex.Escape(address)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
