using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class KeyboardStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    // What became of the last key that was pressed, after everybody else saw it.
    const string Listen = """
        addEventListener('keydown', ({ altKey, key, defaultPrevented }) => {
          window.lastKey = `${altKey ? 'Alt+' : ''}${key} ${defaultPrevented}`;
        })
        """;

    const string Cells = "rows => rows.map(row => [...row.children].map(cell => cell.textContent).join('|'))";

    [Fact]
    public async Task Keys_do_what_the_sheet_says()
    {
        var (workspace, visitor) = await ReaderAsync("metrics");
        await EveryPeriodAsync(visitor);
        await EveryPageAsync(visitor, workspace);
        await visitor.GoAsync($"{workspace.Slug}/metrics");
        await visitor.ShownAsync("metrics-all");
        await PressAsync(visitor, "d", "metrics?period=today");
        await PressAsync(visitor, "w", "metrics?period=7d");
        await PressAsync(visitor, "x", "metrics?period=7d&compare=previous");
        await PressAsync(visitor, "x", "metrics?period=7d&compare=year");
        await PressAsync(visitor, "x", "metrics?period=7d");
        await PressAsync(visitor, "i", "metrics?period=7d&interval=week");
        await PressAsync(visitor, "t", "metrics?interval=week");

        // Keys in one breath all count.
        foreach (var key in (string[])["Escape", "w", "x"])
            await visitor.Page.Keyboard.PressAsync(key);
        await PressAsync(visitor, "i", "metrics?period=7d&compare=previous&interval=week");
    }

    [Fact]
    public async Task Arrows_go_through_periods_and_escape_closes_and_then_clears()
    {
        var (workspace, visitor) = await ReaderAsync("metrics");
        await visitor.GoAsync($"{workspace.Slug}/metrics?from=2026-03-09&to=2026-03-15");
        await visitor.ShownAsync("metrics-all");
        await PressAsync(visitor, "ArrowLeft", "metrics?from=2026-03-02&to=2026-03-08");
        await PressAsync(visitor, "ArrowRight", "metrics?from=2026-03-09&to=2026-03-15");

        await visitor.Page.Keyboard.PressAsync("?");
        var sheet = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" });
        await Expect(sheet).ToContainTextAsync("Last 7 days");
        await visitor.Page.Keyboard.PressAsync("d");
        await PressAsync(visitor, "Escape", "metrics?from=2026-03-09&to=2026-03-15");
        await Expect(sheet).ToHaveCountAsync(0);
        await PressAsync(visitor, "Escape", "metrics");

        await visitor.Page.Keyboard.PressAsync("c");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Choose dates" })).ToBeVisibleAsync();
    }

    /// <summary>Each letter of the sheet chooses the period beside it.</summary>
    static async Task EveryPeriodAsync(Visitor visitor)
    {
        foreach (var (key, name) in await SheetAsync(visitor, "Period"))
        {
            await visitor.Page.Keyboard.PressAsync(key.ToLowerInvariant());
            await Expect(visitor.Page.GetByLabel("Period", new() { Exact = true }).Locator("option:checked")).ToHaveTextAsync(name);
        }
    }

    /// <summary>G and a letter of the sheet go to the page beside it.</summary>
    static async Task EveryPageAsync(Visitor visitor, WorkspaceClient workspace)
    {
        // Two keys belong together for a second and a half, which may pass between them on a busy machine.
        await visitor.Page.Clock.SetFixedTimeAsync(TimeProvider.System.GetUtcNow().UtcDateTime);
        foreach (var (keys, name) in await SheetAsync(visitor, "Pages"))
        {
            foreach (var key in keys.Split(' '))
                await visitor.Page.Keyboard.PressAsync(key);
            await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name, Exact = true })).ToBeVisibleAsync();
            Assert.StartsWith($"/ui/{workspace.Slug}/", new Uri(visitor.Page.Url).AbsolutePath, StringComparison.Ordinal);
        }
    }

    /// <summary>A part of the sheet, which is opened and closed for it: keys, and what they do.</summary>
    static async Task<(string Keys, string Does)[]> SheetAsync(Visitor visitor, string part)
    {
        await visitor.Page.Keyboard.PressAsync("?");
        var rows = visitor.Page.GetByRole(AriaRole.Dialog).Locator($"section:has(h3:text-is('{part}')) dl > div");
        await Expect(rows.First).ToBeVisibleAsync();
        var found = await rows.EvaluateAllAsync<string[]>(Cells);
        await CloseAsync(visitor);
        return [.. found.Select(row => (row.Split('|')[0], row.Split('|')[1]))];
    }

    [Fact]
    public async Task A_focused_panel_takes_its_own_keys()
    {
        var (workspace, visitor) = await ReaderAsync("metrics/costs");
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?from=2026-03-09&to=2026-03-13");
        var panel = await visitor.ShownAsync("metrics-one");
        await panel.FocusAsync();

        await panel.PressAsync("v");
        await Expect(panel.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await panel.PressAsync("v");
        await Expect(panel.GetByRole(AriaRole.Table)).ToHaveCountAsync(0);
        await panel.PressAsync(".");
        await Expect(panel.GetByRole(AriaRole.Menuitem, new() { Name = "Copy as curl" })).ToBeFocusedAsync();
        await PressAsync(visitor, "Escape", "metrics/costs?from=2026-03-09&to=2026-03-13");
        await Expect(panel.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);

        // In a chart arrows go through its buckets, and not through periods.
        await panel.Chart().FocusAsync();
        await PressAsync(visitor, "ArrowLeft", "metrics/costs?from=2026-03-09&to=2026-03-13");
        await Expect(panel.GetByRole(AriaRole.Status)).ToContainTextAsync("13 Mar 2026");
    }

    [Fact]
    public async Task Letters_that_are_typed_and_keys_of_the_browser_are_left_alone()
    {
        var (workspace, visitor) = await ReaderAsync("events/types");
        var search = visitor.Page.GetByLabel("Search types");
        await visitor.Page.Keyboard.PressAsync("/");
        await Expect(search).ToBeFocusedAsync();
        // As slowly as the address follows: what it says is then always a letter behind.
        await search.PressSequentiallyAsync("dwx?ge.", new() { Delay = 205 });
        await Expect(search).ToHaveValueAsync("dwx?ge.");
        await Expect(visitor.Page).ToHaveURLAsync(At("events/types?q=dwx%3Fge."));

        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?from=2026-03-09&to=2026-03-15");
        var panel = await visitor.ShownAsync("metrics-one");
        await visitor.Page.EvaluateAsync(Listen);
        await IsLeftAloneAsync(visitor, "Control+d", "d");
        await panel.Chart().FocusAsync();
        await IsLeftAloneAsync(visitor, "Alt+ArrowLeft", "Alt+ArrowLeft");
        Assert.DoesNotContain("2026-03-02", visitor.Page.Url);
    }

    [Fact]
    public async Task Shortcuts_can_be_switched_off_and_stay_off()
    {
        var (workspace, visitor) = await ReaderAsync("metrics");
        await SwitchAsync(visitor, false);

        await AssertOffAsync();
        await visitor.GoAsync($"{workspace.Slug}/metrics");
        await visitor.ShownAsync("metrics-all");
        await AssertOffAsync();

        await SwitchAsync(visitor, true);
        await PressAsync(visitor, "w", "metrics?period=7d");

        async Task AssertOffAsync()
        {
            await visitor.Page.EvaluateAsync(Listen);
            foreach (var key in (string[])["d", "w", "x", "ArrowLeft", "Escape", "/"])
                await IsLeftAloneAsync(visitor, key, key);
            await Expect(visitor.Page).ToHaveURLAsync(At("metrics"));
        }
    }

    async Task<(WorkspaceClient Workspace, Visitor Visitor)> ReaderAsync(string page)
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeSales.Cost(Some.Day.AddHours(9), 5));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/{page}");
        await Expect(visitor.Page.Locator("[data-state=shown]").First).ToBeVisibleAsync();
        return (workspace, visitor);
    }

    /// <summary>Opens the sheet, which always can be, and switches the keys on or off there.</summary>
    static async Task SwitchAsync(Visitor visitor, bool isOn)
    {
        await visitor.Page.Keyboard.PressAsync("?");
        await visitor.Page.GetByLabel("Shortcuts are on").SetCheckedAsync(isOn);
        await CloseAsync(visitor);
    }

    static async Task CloseAsync(Visitor visitor)
    {
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    static async Task PressAsync(Visitor visitor, string key, string address)
    {
        await visitor.Page.Keyboard.PressAsync(key);
        await Expect(visitor.Page).ToHaveURLAsync(At(address));
    }

    /// <summary>Nobody on the page took the key.</summary>
    static async Task IsLeftAloneAsync(Visitor visitor, string keys, string told)
    {
        await visitor.Page.Keyboard.PressAsync(keys);
        Assert.Equal($"{told} false", await visitor.Page.EvaluateAsync<string>("() => window.lastKey"));
    }

    static Regex At(string address) => new($"/{Regex.Escape(address)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
