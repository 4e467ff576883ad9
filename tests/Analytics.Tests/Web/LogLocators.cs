using Microsoft.Playwright;

namespace Analytics.Tests.Web;

/// <summary>The parts of the page of the log.</summary>
sealed class LogLocators(IPage page)
{
    /// <summary>Notes every line that is ever shown.</summary>
    public const string NoteIds = """
        () => {
          window.ids = new Set();
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes) for (const { dataset } of addedNodes) if (dataset?.id) window.ids.add(dataset.id);
          }).observe(document.querySelector(".tail ol"), { childList: true });
        }
        """;

    /// <summary>What it says of its stream.</summary>
    public ILocator State => page.Locator(".tail-state");

    public ILocator Counts => page.Locator(".tail-counts");

    public ILocator Rows => page.Locator(".tail-row");

    public ILocator Older => page.GetByRole(AriaRole.Button, new() { Name = "Show older lines" });

    /// <summary>How far back it has looked.</summary>
    public ILocator Reach => page.Locator(".tail-reach");

    public ILocator Newest => page.Locator(".tail-newest");

    /// <summary>The ids of the lines that are shown, the newest first.</summary>
    public Task<string[]> IdsAsync() => Rows.EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.id)");
}

static class Looking
{
    public static LogLocators Log(this IPage page) => new(page);
}
