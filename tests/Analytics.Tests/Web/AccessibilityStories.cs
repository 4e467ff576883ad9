using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>What is opened, and what lies behind lists, for those who see or move differently.</summary>
public sealed class AccessibilityStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    static readonly string[] Standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

    // What sticks out to the side and cannot be scrolled by itself.
    const string Overflowing = """
        () => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const isIn = (each) => each && each !== document.body && (getComputedStyle(each).overflowX !== "visible" || isIn(each.parentElement));
          const out = [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > clientWidth + 1 && !isIn(each.parentElement));
          return scrollWidth <= clientWidth ? [] : out.slice(0, 3).map((each) => `${scrollWidth} px: ${each.outerHTML.slice(0, 120)}`);
        }
        """;

    // How each line of a chart stands out from the ground, by WCAG's measure.
    const string Inks = """
        () => {
          const light = (color) => {
            const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map((each) => each / 255)
              .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = light(getComputedStyle(document.body).backgroundColor);
          return [...document.querySelectorAll(".chart .mark-line, .chart .mark-dashed")].map((path) => getComputedStyle(path).stroke)
            .filter((stroke) => stroke.startsWith("rgb"))
            .map((stroke) => `${(Math.max(light(stroke), ground) + 0.05) / (Math.min(light(stroke), ground) + 0.05)}`);
        }
        """;

    // What changes with the window is drawn anew in the frame after. From the top on: what sticks there covers no half of anything.
    const string Drawn = """
        () => {
          scrollTo(0, 0);
          return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go())));
        }
        """;

    static readonly (string Address, string Button)[] Dialogs =
    [
        ("apps", "New app"), ($"apps/{SomeApp.Segment}", "New credentials"), ($"apps/{SomeApp.Segment}/tables/{SomeApp.Table}", "1"),
        ("customers", "New customer"), ("events/types", "Change the label of kind.1"), ("settings/keys", "Make a key"),
        ("log?from=2026-03-11&to=2026-03-11", "order.placed"), ("settings", "Not verified yet"), ("settings/keys", "Revoke test"),
        ("settings/members", "Invite somebody"), ("settings/shared", "Share a link"), ("usage", "New unit"), ("usage", "Change Tool calls"),
        ("usage", "Delete Tool calls"), ("usage/products", "New product"), ("explore", "Save as a report"), ("alerts/webhooks", "New webhook"),
    ];

    // The last one is 1440 px at twice the size.
    static readonly (bool IsDark, int Width, int Height)[] Looks = [(true, 1440, 900), (false, 390, 844), (false, 720, 450)];

    [Fact]
    public async Task Menus_tables_dialogs_and_details_can_be_used_by_everybody()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var pages = await EveryPage.FillAsync(workspace);
        var visitor = await SignedInAsync(workspace);
        var found = new List<string>();
        foreach (var (number, page) in pages.Index())
        {
            await visitor.OpenAsync(page);
            // All menus are of one make: the looks take turns. A menu covers what it lies on until it is closed.
            if (await OpenMenuAsync(visitor))
                found.AddRange(await FaultsAsync(visitor, $"{page} with a menu", [Looks[number % Looks.Length]], "target-size"));
            await ShowTablesAsync(visitor);
            found.AddRange(await FaultsAsync(visitor, $"{page} as tables", Looks));
        }

        foreach (var key in (string[])["?", "c"])
        {
            await visitor.OpenAsync(pages[0]);
            await visitor.Page.Keyboard.PressAsync(key);
            found.AddRange(await FaultsInDialogAsync(visitor, key));
        }

        foreach (var (address, button) in Dialogs)
        {
            await visitor.OpenAsync($"{workspace.Slug}/{address}");
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
            found.AddRange(await FaultsInDialogAsync(visitor, button));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_want_it_still()
    {
        // The page has nothing that moves: here is something.
        const string Move = """
            () => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync("main, main::before { transition: color 1s; animation: turn 1s infinite; } @keyframes turn { to { rotate: 1turn; } }");
              document.adoptedStyleSheets.push(sheet);
            }
            """;
        const string Moving = """
            () => [...document.querySelectorAll("*")].flatMap((each) => [null, "::before", "::after"].map((part) => getComputedStyle(each, part)))
              .filter((style) => [style.transitionDuration, style.animationDuration].some((all) => all.split(", ").some((time) => time !== "0s"))).length
            """;
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        await visitor.OpenAsync($"{workspace.Slug}/metrics");
        await visitor.Page.EvaluateAsync(Move);
        Assert.Equal(2, await visitor.Page.EvaluateAsync<int>(Moving));

        await visitor.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });

        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>(Moving));
    }

    [Fact]
    public async Task Where_the_system_chooses_the_colours_what_is_on_is_told_from_what_is_off()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var pages = await EveryPage.FillAsync(workspace);
        var visitor = await SignedInAsync(workspace);
        await visitor.Page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        await visitor.OpenAsync(pages[0]);
        await DiffersAsync(visitor, "nav.rail li a[aria-current]", "nav.rail li a:not([aria-current])");
        var lines = await visitor.Page.EvaluateAsync<string[]>(Inks);
        Assert.NotEmpty(lines);
        Assert.All(lines, ratio => Assert.InRange(double.Parse(ratio, CultureInfo.InvariantCulture), 3, 21));
        await visitor.OpenAsync($"{workspace.Slug}/events/browse");
        await DiffersAsync(visitor, ".choice [aria-pressed=true]", ".choice [aria-pressed=false]");
        await DiffersAsync(visitor, "nav.tabs a[aria-current]", "nav.tabs a:not([aria-current])");
        await visitor.Page.Keyboard.PressAsync("Tab");
        Assert.NotEqual("none", await visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
    }

    /// <summary>What is wrong with what is open, in each of these looks.</summary>
    static async Task<IReadOnlyList<string>> FaultsAsync(
        Visitor visitor, string where, (bool IsDark, int Width, int Height)[] looks, params string[] but)
    {
        var found = new List<string>();
        foreach (var (isDark, width, height) in looks)
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });
            await visitor.Page.SetViewportSizeAsync(width, height);
            await visitor.Page.EvaluateAsync(Drawn);
            found.AddRange(await FaultsOfLookAsync(visitor.Page, $"{where}, {width} px", but));
        }

        return found;
    }

    static async Task<IEnumerable<string>> FaultsOfLookAsync(IPage page, string where, string[] but)
    {
        var faults = await page.FaultsAsync(Standard, but);
        var sticking = await page.EvaluateAsync<string[]>(Overflowing);
        return sticking.Concat(faults).Select(fault => $"{where}: {fault}");
    }

    static async Task<IReadOnlyList<string>> FaultsInDialogAsync(Visitor visitor, string name)
    {
        await Expect(visitor.Page.Locator("dialog[open]")).ToBeVisibleAsync();
        return await FaultsAsync(visitor, $"The dialog of {name}", Looks);
    }

    /// <summary>The menu of the first panel, of a drawer's where one covers the others; false where there is none.</summary>
    static async Task<bool> OpenMenuAsync(Visitor visitor)
    {
        var here = await visitor.Page.Locator("dialog[open]").CountAsync() > 0 ? "dialog[open]" : "main";
        var menus = visitor.Page.Locator($"{here} .panel-head [aria-haspopup=menu]");
        if (await menus.CountAsync() == 0)
            return false;
        await menus.First.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        return true;
    }

    /// <summary>Every panel that can as a table.</summary>
    static async Task ShowTablesAsync(Visitor visitor)
    {
        if (await visitor.Page.GetByRole(AriaRole.Menu).IsVisibleAsync())
            await visitor.Page.Keyboard.PressAsync("Escape");
        foreach (var panel in await visitor.Page.Locator("[data-panel]").AllAsync())
        {
            await panel.FocusAsync();
            await panel.PressAsync("v");
        }
    }

    static async Task DiffersAsync(Visitor visitor, string on, string off)
    {
        const string Look = """
            (each) => {
              const { color, fontWeight, borderColor, outlineStyle, outlineColor } = getComputedStyle(each);
              return [color, fontWeight, borderColor, outlineStyle, outlineColor].join();
            }
            """;
        Assert.NotEqual(
            await visitor.Page.Locator(on).First.EvaluateAsync<string>(Look), await visitor.Page.Locator(off).First.EvaluateAsync<string>(Look));
    }
}
