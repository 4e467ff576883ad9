using Microsoft.Playwright;

namespace Analytics.Tests.Web;

/// <summary>
/// How soon somebody who opens Overview sees something, in milliseconds since they asked: anything at all, something of the page, and the
/// numbers of all its tiles.
/// </summary>
sealed record Opening(double FirstPaint, double FirstContent, double Numbers)
{
    // The numbers are there with the frame after the one that has them.
    const string Note = """
        new MutationObserver((_, watch) => {
          const tiles = document.querySelectorAll("[data-panel=overview-tiles] .tile-value");
          if (tiles.length === 0) return;
          watch.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => { window.numbersAt = performance.now(); };
            port2.postMessage(null);
          });
        }).observe(document, { childList: true, subtree: true });
        """;

    const string Read = """
        () => {
          const paint = (name) => performance.getEntriesByType("paint").find((entry) => entry.name === name)?.startTime ?? NaN;
          return [paint("first-paint"), paint("first-contentful-paint"), window.numbersAt];
        }
        """;

    /// <summary>Whoever is measured has been told so before.</summary>
    public static Task PrepareAsync(IBrowserContext context) => context.AddInitScriptAsync(Note);

    /// <summary>Opens Overview in a tab of its own.</summary>
    public static async Task<Opening> OfAsync(IBrowserContext context, Uri overview)
    {
        var page = await context.NewPageAsync();
        var opening = await OfAsync(page, overview);
        await page.CloseAsync();
        return opening;
    }

    /// <summary>Opens Overview in this tab.</summary>
    public static async Task<Opening> OfAsync(IPage page, Uri overview)
    {
        await page.GotoAsync(overview.ToString());
        await page.WaitForFunctionAsync("() => window.numbersAt > 0");
        var found = await page.EvaluateAsync<double[]>(Read);
        return new(found[0], found[1], found[2]);
    }
}
