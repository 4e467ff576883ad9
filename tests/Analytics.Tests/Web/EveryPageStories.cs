using System.Collections.Concurrent;
using Analytics.Commands.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>
/// Walks every page that the rail and the tabs lead to, in both themes and two widths, for what keeps people from using it. With
/// <c>SCREENSHOTS=folder</c> in the environment pictures of all of them are left there.
/// </summary>
public sealed class EveryPageStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const int DaysOfAPage = 30;

    // What makes the page scroll sideways.
    const string Beyond = """
        () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
          .filter((element) => element.getBoundingClientRect().right > innerWidth).map((element) => element.outerHTML.slice(0, 150))
        """;

    const string Problem = """
        {"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The store is not available right now.","errors":[],
         "request_id":"01a223583dc47609ab7bf6f685d1288e"}
        """;

    const string Refusal = """{"error":"The store is not available right now.","status":"KO"}""";

    // Answers in the page, where all of its questions go through fetch: the driver would have to see each of them.
    const string Away = $$"""
        (() => {
          const ask = window.fetch;
          window.fetch = async (address, how) => {
            const { pathname } = new URL(address.url ?? address, location.href);
            if (!/^[/](api|statistics)[/]/.test(pathname) || pathname === "/api/session") return ask(address, how);
            how?.signal?.throwIfAborted();
            const body = pathname.startsWith("/statistics/org/") ? {{Refusal}} : {{Problem}};
            return Response.json(body, { status: 503, headers: { "Retry-After": "60" } });
          };
        })();
        """;

    static readonly string? Pictures = Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    // Both themes and both widths; the other two of them for the pictures only.
    static readonly (string Name, bool IsDark, int Width)[] Looks =
    [
        ("light", false, 1440), ("narrow-dark", true, 390),
        .. Pictures is null ? [] : ((string, bool, int)[])[("dark", true, 1440), ("narrow", false, 390)],
    ];

    static readonly string[] Standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    [Fact]
    public async Task Every_page_can_be_used_by_everybody()
    {
        var (workspace, owner) = await WithOwnerAsync();
        var demo = new DemoClient(workspace.Http, workspace.Key!);
        await new DemoLoad(demo, TimeProvider.System, DaysOfAPage)
            .RunAsync(usable: _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        Assert.Null(await new DemoTables(demo).MakeAsync(TestContext.Current.CancellationToken));
        await WalkAsync(await SignedInAsync(owner), workspace, "full", Looks, "apps/files%3Aportal", "apps/files%3Aportal/tables/members");
    }

    [Fact]
    public async Task Every_page_can_be_used_by_everybody_before_anything_has_happened()
    {
        var (workspace, owner) = await WithOwnerAsync();
        await WalkAsync(await SignedInAsync(owner), workspace, "empty", Looks[..1]);
    }

    [Fact]
    public async Task Every_page_can_be_used_by_everybody_while_the_store_is_away()
    {
        var (workspace, owner) = await WithOwnerAsync();
        var visitor = await SignedInAsync(owner);
        var answered = new ConcurrentQueue<string>();
        visitor.Context.Request += (_, request) =>
        {
            var path = new Uri(request.Url).AbsolutePath;
            if (path != "/api/session" && path.Split('/') is ["", "api" or "statistics", _, ..])
                answered.Enqueue(path);
        };
        await visitor.Context.AddInitScriptAsync(Away);
        await visitor.GoAsync($"{workspace.Slug}/metrics");
        await Expect(visitor.Page.Locator("main .failed").First).ToContainTextAsync("The store is not available right now.");

        await WalkAsync(visitor, workspace, "error", Looks[..1]);

        // The service, whose store is there, was asked for nothing else.
        Assert.Empty(answered);
    }

    [Fact]
    public async Task What_not_everybody_can_use_is_found()
    {
        var (workspace, owner) = await WithOwnerAsync();
        var visitor = await SignedInAsync(owner);
        await visitor.GoAsync($"{workspace.Slug}/settings");
        await visitor.SeesThePageAsync();
        Assert.Empty(await visitor.Page.FaultsAsync(Standard));

        await visitor.Page.EvaluateAsync("() => document.querySelector('main').append(document.createElement('button'))");

        var fault = Assert.Single(await visitor.Page.FaultsAsync(Standard));
        Assert.StartsWith("button-name at <button></button>", fault, StringComparison.Ordinal);
    }

    // Some pages are behind lists: they are walked too, with their tabs.
    static async Task WalkAsync(
        Visitor visitor, WorkspaceClient workspace, string state, (string Name, bool IsDark, int Width)[] looks, params string[] behind)
    {
        var findings = new List<string>();
        var waiting = new Queue<string>([workspace.Slug, .. behind.Select(page => $"{workspace.Slug}/{page}")]);
        var seen = new HashSet<string>(waiting);
        while (waiting.TryDequeue(out var address))
        {
            await visitor.GoAsync(address);
            await visitor.SeesThePageAsync();
            foreach (var next in await LinksAsync(visitor.Page))
                if (seen.Add(next))
                    waiting.Enqueue(next);
            foreach (var (name, isDark, width) in looks)
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });
                await visitor.Page.SetViewportSizeAsync(width, 900);
                await visitor.SeesThePageAsync();
                findings.AddRange(from fault in await visitor.Page.FaultsAsync(Standard) select $"{address} {name}: {fault}");
                findings.AddRange(from beyond in await visitor.Page.EvaluateAsync<string[]>(Beyond) select $"{address} {name}: too wide: {beyond}");
                await PhotographAsync(visitor.Page, $"{Name(address, workspace)}-{state}-{name}");
            }
        }

        Assert.True(seen.Count >= 8, $"The rail leads to {seen.Count} pages.");
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    // Of the rail and of the tabs: the page's own list of what there is.
    static async Task<IEnumerable<string>> LinksAsync(IPage page) =>
        from link in await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('nav[aria-label=Pages] li a, nav.tabs a')].map((a) => a.pathname)")
        select link["/ui/".Length..];

    static string Name(string address, WorkspaceClient workspace) =>
        address[workspace.Slug.Length..].Trim('/') is { Length: > 0 } path ? path.Replace('/', '-') : "home";

    static async Task PhotographAsync(IPage page, string name)
    {
        if (Pictures is null)
            return;
        // As high as the page, so that what sticks to an edge stands there.
        var height = await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
        await page.SetViewportSizeAsync(page.ViewportSize!.Width, height);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png") });
    }

    async Task<(WorkspaceClient Workspace, ApiClient Owner)> WithOwnerAsync()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var (_, owner) = await Api.NewUserAsync((workspace, "owner"));
        return (workspace, owner);
    }
}
