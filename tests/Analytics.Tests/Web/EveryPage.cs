using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>A workspace that has something for every page, and the addresses of all of them.</summary>
static class EveryPage
{
    const string Range = "from=2026-03-05&to=2026-03-13";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    /// <summary>Fills a workspace; the addresses below <c>ui/</c>.</summary>
    public static async Task<string[]> FillAsync(WorkspaceClient workspace)
    {
        var acme = await workspace.NewCustomerAsync("acme", "Acme");
        await workspace.IngestAsync(Some.Event("order.placed", Morning, "root", "acme", cost: 1.25m));
        await workspace.IngestAsync(
            [
                .. Enumerable.Range(-5, 8).SelectMany(day => Enumerable.Range(0, 7).Select(kind =>
                    Some.Event($"kind.{kind}", Morning.AddDays(day), customer: "ghost", cost: (10 * kind) + day + 6))),
                Some.Event("model.called", Morning.AddSeconds(1), "child", "acme", parent: "root", cost: 0.25m),
                Some.Event("source.read", Morning.AddSeconds(2), "waits", "acme", parent: "lost"),
            ]);
        await workspace.SendAsync(Enumerable.Range(-5, 8).SelectMany(day => Enumerable.Range(0, 40).Select(at => new Sent(
            Morning.AddDays(day).AddSeconds(at), $"GET:/orders/{(at % 4)}", 200 + (100 * at), (short)(at % 9 == 0 ? 500 : at % 5 == 0 ? 404 : 200)))));
        var invited = new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada", role = "viewer" };
        await workspace.PostAsync($"/api/workspaces/{workspace.Id}/invitations", invited, 201);
        await workspace.Api.NewUserAsync((workspace, "member"));
        await SomeApp.AddAsync(workspace);
        await SomeBusiness.AddAsync(workspace);
        var (report, alert, webhook) = await SomeQuestions.AddAsync(workspace);
        var child = (await workspace.GetAsync("/api/events?name=model.called")).GetProperty("data")[0].GetProperty("id").GetGuid();
        string[] pages =
        [
            $"overview?{Range}&compare=previous", $"metrics?{Range}&compare=previous", $"metrics/costs?{Range}&compare=previous&customer=ghost",
            $"events?{Range}", $"events?{Range}&name=kind.1", "events/types", $"events/browse?{Range}", $"events/browse/{child}?{Range}",
            $"api?{Range}", $"api/endpoints?{Range}", $"api/endpoints?{Range}&endpoint=GET%3A%2Forders%2F1", $"api/heatmap?{Range}",
            $"api/slow?{Range}", $"api/customers?{Range}", $"api/degradations?{Range}", $"api/recent?{Range}",
            $"apps?{Range}&compare=previous", $"apps/{SomeApp.Segment}?{Range}&compare=previous", $"apps/{SomeApp.Segment}/invocations",
            $"apps/{SomeApp.Segment}/tables", $"apps/{SomeApp.Segment}/tables/{SomeApp.Table}", "log", "customers",
            $"customers/{acme}?{Range}", "customers/~ghost", $"usage?{Range}", $"usage/customers?{Range}", $"usage/products?{Range}",
            $"costs?{Range}&compare=previous", $"costs?{Range}&by=product&by=model&vendor=openai", $"funnel?{Range}&compare=previous",
            $"mcp?{Range}&compare=previous", $"explore?{Range}",
            $"explore?{Range}&by=name&metric=count&metric=unique%28customer%29", $"explore?{Range}&dataset=requests&by=endpoint&interval=none&metric=p95%28latencyMs%29",
            "reports", report, "alerts", alert, "alerts/new", "alerts/webhooks", webhook,
            "settings", "settings/keys", "settings/members", "settings/workspace",
            "settings/shared", "nowhere", $"overview?{Range}&customer=nobody",
        ];
        return [.. pages.Select(page => $"{workspace.Slug}/{page}")];
    }

    /// <summary>Opens a page and returns when all of it is there.</summary>
    public static async Task OpenAsync(this Visitor visitor, string address)
    {
        await visitor.GoAsync(address);
        await Expect(visitor.Page.Locator("main > *").First).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("main")).Not.ToContainTextAsync("Loading");
        await Expect(visitor.Page.Locator("[data-state=loading]")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
    }
}
