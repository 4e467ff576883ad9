using Microsoft.Playwright;

namespace Analytics.Tests.Web;

/// <summary>Somebody who draws the mouse over a chart, and all charts of the page with the same buckets follow.</summary>
static class Hover
{
    /// <summary>From the first bucket of the first chart to its last in so many steps; what the page's main thread did meanwhile.</summary>
    public static async Task<IReadOnlyList<PageTask>> OverAsync(IPage page, int charts, int steps)
    {
        await page.WaitForFunctionAsync(
            """
            charts => document.querySelectorAll("svg[data-arrows]").length === charts
              && document.querySelectorAll("[data-state=loading], [aria-busy=true]").length === 0
            """,
            charts);
        var plot = page.Locator("svg[data-arrows] .chart-base").First;
        await plot.ScrollIntoViewIfNeededAsync();
        var line = (await plot.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(line.X, line.Y - 60);
        await page.Locator(".chart-tip").First.WaitForAsync();
        var thread = await MainThread.WatchAsync(page);
        await page.Mouse.MoveAsync(line.X + line.Width, line.Y - 60, new() { Steps = steps });
        return await thread.EndAsync();
    }
}
