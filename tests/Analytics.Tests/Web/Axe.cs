using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Analytics.Tests.Web;

/// <summary>What keeps people from using a page, as axe says it. It is read once a page, and looks from within: only what it finds is told.</summary>
static class Axe
{
    static readonly string Script = new BundledAxeScriptProvider().GetScript();

    const string IsThere = "() => 'axe' in window";

    const string Run = """
        async ([tags, but]) => {
          const { violations } = await axe.run(document, {
            runOnly: { type: "tag", values: tags },
            rules: Object.fromEntries(but.map((rule) => [rule, { enabled: false }])),
            resultTypes: ["violations"],
            // No rule of these reads style sheets or videos.
            preload: false,
          });
          return violations.flatMap(({ id, help, nodes }) =>
            nodes.map(({ html, any }) => `${id} at ${html} (${any.map(({ message }) => message).join(" ") || help})`));
        }
        """;

    /// <summary>What breaks the rules that have one of these tags, but for some.</summary>
    public static async Task<string[]> FaultsAsync(this IPage page, string[] tags, params string[] but)
    {
        if (!await page.EvaluateAsync<bool>(IsThere))
            await page.EvaluateAsync(Script);
        return await page.EvaluateAsync<string[]>(Run, new[] { tags, but });
    }
}
