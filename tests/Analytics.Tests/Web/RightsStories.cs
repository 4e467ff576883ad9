using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>What those see who may see less.</summary>
public sealed partial class RightsStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string App = "acme%3Ashop";
    const string Day = "from=2026-03-11&to=2026-03-11";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    static readonly string[] Writing =
    [
        "Change", "Change the label of customer.created", "Change the label of order.placed", "Delete", "Erase", "Invite somebody", "Make a key",
        "Make a record", "Make the Postgres workspace", "New app", "New customer", "New product", "New secret", "New unit",
        "New webhook", "Remove Ada", "Revoke test", "Save", "Save as a report", "Share a link", "Turn off", "Turn on",
    ];

    [Fact]
    public async Task A_viewer_finds_nothing_to_write_with()
    {
        var (workspace, acme, _) = await TwoCustomersAsync();
        var (_, user) = await Api.NewUserAsync((workspace, "viewer"));
        var admin = await SignedInAsync(workspace);
        var viewer = await SignedInAsync(user);

        var (report, alert, webhook) = await SomeQuestions.AddAsync(workspace);
        string[] watched = ["explore", "reports", report, "alerts", alert, $"{alert}/change", "alerts/webhooks", webhook];

        var writing = (await WritingAsync(admin, workspace, acme)).Union(await WritingAsync(admin, workspace, acme, watched));
        Assert.Equal(Writing, writing.Order(StringComparer.Ordinal));
        Assert.Empty(await WritingAsync(viewer, workspace, acme));
        Assert.Empty(await WritingAsync(viewer, workspace, acme, watched));
        await viewer.GoAsync($"{workspace.Slug}/settings/keys");
        await Expect(viewer.Page.GetByText("This needs the scope admin")).ToBeVisibleAsync();
        await viewer.GoAsync($"{workspace.Slug}/apps/{App}/tables");
        await Expect(viewer.Page.GetByText("This needs the scope apps:write")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_customers_own_key_sees_that_customer_everywhere_and_nobody_else()
    {
        var (workspace, acme, globex) = await TwoCustomersAsync();
        var portal = await workspace.BoundToAsync(acme);
        var visitor = await SignedInAsync(portal);
        var traffic = Traffic(visitor);

        // Everything that it is led to, the tabs of every page among them.
        await visitor.GoAsync($"{workspace.Slug}/overview?{Day}");
        foreach (var page in await LinksAsync(visitor, "nav[aria-label=Pages] li a"))
        {
            await visitor.OpenAsync(page);
            foreach (var tab in await LinksAsync(visitor, "main nav.tabs a"))
                await visitor.OpenAsync(tab);
        }

        await visitor.GoAsync($"{workspace.Slug}/overview?{Day}");
        var tile = (await visitor.ShownAsync("overview-tiles")).Tile("costs");
        await Expect(tile).ToHaveAttributeAsync("data-value", "5");
        Assert.Equal("5", (await portal.GetAsync("/api/metrics?start_date=2026-03-11&end_date=2026-03-11&interval=day"))
            .GetProperty("totals").GetProperty("costs").GetRawText());

        // What it is not led to leads it to itself.
        foreach (var typed in (string[])["customers", $"customers/{globex}", "customers/~globex"])
        {
            await visitor.GoAsync($"{workspace.Slug}/{typed}");
            await Expect(visitor.Panel("customer-record")).ToContainTextAsync("Acme");
            Assert.EndsWith($"/customers/{acme}", new Uri(visitor.Page.Url).AbsolutePath);
        }

        Assert.Empty(await WritingAsync(visitor, workspace, acme, "settings"));
        Assert.Contains(traffic, each => each.Contains("/api/requests/", StringComparison.Ordinal));
        Assert.DoesNotContain(traffic, each => Others(globex).Any(other => each.Contains(other, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task What_belongs_to_another_tenant_is_not_found_like_what_is_not_there()
    {
        var (theirs, customer, _) = await TwoCustomersAsync();
        var events = await theirs.GetAsync("/api/events?name=order.placed");
        var found = events.GetProperty("data")[0].GetProperty("id").GetGuid();
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("404 GET /api/");

        await AreAlikeAsync(visitor, "main", $"{theirs.Slug}/overview", "nobody-has-this/overview");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Not found" })).ToBeVisibleAsync();
        var own = workspace.Slug;
        await AreAlikeAsync(visitor, "[data-panel=events-one] .panel-body", $"{own}/events/browse/{found}", $"{own}/events/browse/{Guid.CreateVersion7()}");
        await AreAlikeAsync(visitor, "[data-panel=customer-record] .panel-body", $"{own}/customers/{customer}", $"{own}/customers/{Guid.CreateVersion7()}");
        await Expect(visitor.Panel("customer-record").GetByRole(AriaRole.Alert)).ToContainTextAsync("Not Found");
        // Zeros of somebody who is not there say nothing.
        await Expect(visitor.Page.Locator("[data-panel]")).ToHaveCountAsync(1);
        visitor.Foresees("404 GET /statistics/app/");
        var app = (await theirs.GetAsync("/api/apps")).GetProperty("data")[0].GetProperty("id").GetGuid();
        await AreAlikeAsync(visitor, "[data-panel=app-record] .panel-body", $"{own}/apps/{app}", $"{own}/apps/{Guid.CreateVersion7()}");
        await AreAlikeAsync(visitor, "[data-panel=app-glance] .panel-body", $"{own}/apps/{app}", $"{own}/apps/{App}");
    }

    async Task<(WorkspaceClient Workspace, Guid Acme, Guid Globex)> TwoCustomersAsync()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme", "Acme");
        var globex = await workspace.NewCustomerAsync("globex", "Globex");
        await workspace.NewAppAsync(App.Replace("%3A", ":", StringComparison.Ordinal), "Shop");
        await workspace.IngestAsync(
            Some.Event("order.placed", Morning, customer: "acme", cost: 5, metadata: new JsonObject { ["to"] = "acme" }),
            Some.Event("order.placed", Morning, customer: "globex", cost: 7, metadata: new JsonObject { ["to"] = "globex" }));
        await workspace.SendAsync(
            new Sent(Morning, "GET:/orders/:id", Customer: "acme", Latency: 2_000), new Sent(Morning, "GET:/globex", Customer: "globex", Latency: 3_000));
        return (workspace, acme, globex);
    }

    static string[] Others(Guid globex) => ["globex", $"{globex}"];

    /// <summary>The names of the buttons that change something, on every page that has some.</summary>
    static async Task<IEnumerable<string>> WritingAsync(Visitor visitor, WorkspaceClient workspace, Guid customer, params string[] pages)
    {
        string[] usual =
        [
            "events/types", "events/browse", "customers", $"customers/{customer}", "customers/~nobody", "api", "apps", $"apps/{App}", "log", "usage", "usage/products", "settings", "settings/keys",
            "settings/members", "settings/workspace", "settings/shared",
        ];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var page in pages.Length > 0 ? pages : usual)
        {
            await visitor.OpenAsync($"{workspace.Slug}/{page}");
            var buttons = visitor.Page.Locator("main button");
            names.UnionWith(await buttons.EvaluateAllAsync<string[]>("buttons => buttons.map(each => each.ariaLabel ?? each.innerText.trim())"));
        }

        return names.Where(name => WritingName().IsMatch(name));
    }

    /// <summary>Every request of the browser and what it was answered.</summary>
    static ConcurrentQueue<string> Traffic(Visitor visitor)
    {
        var all = new ConcurrentQueue<string>();
        visitor.Context.RequestFinished += async (_, request) =>
        {
            if (!request.Url.Contains("/api/", StringComparison.Ordinal) || await request.ResponseAsync() is not { } response)
                return;
            try
            {
                all.Enqueue($"{request.Url} {request.PostData} {await response.TextAsync()}");
            }
            catch (PlaywrightException)
            {
                // The browser has left the page: nobody read it.
            }
        };
        return all;
    }

    static async Task<string[]> LinksAsync(Visitor visitor, string links)
    {
        await Expect(visitor.Page.Locator("main > *").First).ToBeVisibleAsync();
        var found = await visitor.Page.Locator(links).EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        return [.. found.Select(link => link[(link.IndexOf("/ui/", StringComparison.Ordinal) + 4)..])];
    }


    /// <summary>Two addresses show the same, but for the id of the request.</summary>
    static async Task AreAlikeAsync(Visitor visitor, string part, params string[] addresses)
    {
        var shown = new List<string>();
        foreach (var address in addresses)
        {
            await visitor.GoAsync(address);
            await Expect(visitor.Page.Locator(part)).ToContainTextAsync(NotFound());
            shown.Add(RequestId().Replace(await visitor.Page.Locator(part).InnerTextAsync(), "Request"));
        }

        Assert.Equal(shown[0], shown[1]);
    }

    [GeneratedRegex(
        "^(Change( .*)?$|Erase|Invite|Delete$|Make (a (key|record)|the Postgres workspace)$|New (app|customer|product|secret|unit|webhook)$|Remove|Revoke|Save|Share a link|Take back|Try|Turn)", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex WritingName();

    [GeneratedRegex("[Nn]ot [Ff]ound", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NotFound();

    [GeneratedRegex("Request \\S+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RequestId();
}
