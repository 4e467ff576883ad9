using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>The panels of a page, used as a reader uses them.</summary>
static partial class Panels
{
    const string Cells = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()).join(' | '))";

    public static ILocator Panel(this Visitor visitor, string id) => visitor.Page.Locator($"[data-panel='{id}']");

    /// <summary>A panel that shows its answer, and no older one.</summary>
    public static async Task<ILocator> ShownAsync(this Visitor visitor, string id)
    {
        var panel = visitor.Panel(id);
        await Expect(panel.Locator(".panel-body[data-state=shown][aria-busy=false]")).ToBeVisibleAsync();
        return panel;
    }

    /// <summary>The chart, by itself: arrows go through its buckets.</summary>
    public static ILocator Chart(this ILocator panel) => panel.Locator("svg[data-arrows]");

    /// <summary>The number of a tile.</summary>
    public static ILocator Tile(this ILocator panel, string slug) => panel.Locator($"[data-metric='{slug}']");

    /// <summary>The panel's rows as a table, cells parted by bars; there have to be so many, if it is said.</summary>
    public static async Task<string[]> RowsAsync(this ILocator panel, int? count = null)
    {
        await panel.FocusAsync();
        await panel.PressAsync("v");
        var rows = panel.Locator("tbody tr");
        await Expect(rows.First).ToBeVisibleAsync();
        if (count is { } known)
            await Expect(rows).ToHaveCountAsync(known);
        var text = await rows.EvaluateAllAsync<string[]>(Cells);
        await panel.PressAsync("v");
        await Expect(rows).ToHaveCountAsync(0);
        return text;
    }

    /// <summary>An item of the panel's menu, which is opened for it.</summary>
    public static async Task<ILocator> ItemAsync(this ILocator panel, string name)
    {
        await panel.Locator(".panel-head [aria-haspopup=menu]").ClickAsync();
        return panel.GetByRole(AriaRole.Menuitem, new() { Name = name, Exact = true });
    }

    /// <summary>How many shapes a path of the chart has.</summary>
    public static async Task<int> ShapesAsync(this ILocator path) => Start().Count(await path.GetAttributeAsync("d") ?? "");

    /// <summary>How many buckets a line goes through, of which a part may be dashed.</summary>
    public static async Task<int> CornersAsync(this ILocator paths) =>
        (await paths.EvaluateAllAsync<string[]>("paths => paths.map(path => path.getAttribute('d') || '')"))
            .SelectMany(path => Corner().Matches(path)).Select(corner => corner.Value).Distinct().Count();

    /// <summary>What a screen reader says of the bucket that a key has come to.</summary>
    public static Task SaysAsync(this ILocator panel, string key, string words) => panel.SaysAsync([key], words);

    public static async Task SaysAsync(this ILocator panel, string[] keys, string words)
    {
        foreach (var key in keys)
            await panel.Chart().PressAsync(key);
        await Expect(panel.GetByRole(AriaRole.Status)).ToHaveTextAsync(words);
    }

    [GeneratedRegex("[0-9.]+,[0-9.]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Corner();

    [GeneratedRegex("M", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Start();
}
