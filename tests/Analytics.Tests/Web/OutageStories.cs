using System.Collections.Concurrent;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class OutageStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Day = "from=2026-03-11&to=2026-03-11";

    [Fact]
    public async Task While_the_store_is_away_panels_say_so_with_the_requests_id_and_come_back_by_themselves()
    {
        await using var wire = Wire.To(new NpgsqlConnectionStringBuilder(Api.ConnectionString).Port);
        var through = new NpgsqlConnectionStringBuilder(Api.ConnectionString) { Host = "127.0.0.1", Port = wire.Port, MaxPoolSize = 12 };
        var node = await NodeAsync(("ConnectionStrings:Postgres", through.ConnectionString));
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("order.placed", Some.Day.AddHours(9), cost: 5));
        var visitor = await SignedInAsync(workspace, service: node.Address);
        visitor.Foresees("503 GET /api/");
        visitor.Foresees("503 GET /health/ready");
        var refused = Refused(visitor);
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?{Day}");
        await Expect((await visitor.ShownAsync("metrics-one")).Tile("costs")).ToHaveAttributeAsync("data-value", "5");

        wire.Break();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        var panel = visitor.Panel("events-totals");
        await SaysAsync(panel, refused);
        // What is there stays, and says that it is old.
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();
        await SaysAsync(visitor.Panel("metrics-all"), refused);

        wire.Mend();
        await Expect((await visitor.ShownAsync("metrics-all")).Tile("costs")).ToHaveAttributeAsync("data-value", "5");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await visitor.Page.GoBackAsync();
        await Expect((await visitor.ShownAsync("events-totals"))).ToContainTextAsync("order.placed");
    }

    [Fact]
    public async Task An_answer_that_is_there_stays_while_the_service_refuses_and_the_wait_is_counted_down()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("order.placed", Some.Day.AddHours(9), cost: 5));
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("429 GET /api/metrics");
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?{Day}");
        var panel = await visitor.ShownAsync("metrics-one");

        // As the service refuses when too much comes.
        await visitor.Page.RouteAsync("**/api/metrics*", route => route.FulfillAsync(new()
        {
            Status = 429,
            ContentType = "application/problem+json",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "3" },
            Body = """{"title":"Too many requests","status":429,"detail":"The service takes no more right now.","request_id":"r-429"}""",
        }), new() { Times = 1 });
        await panel.EvaluateAsync(NotesAlerts);
        await panel.FocusAsync();
        await panel.PressAsync(".");
        await panel.GetByRole(AriaRole.Menuitem, new() { Name = "Refresh" }).ClickAsync();

        await visitor.Page.WaitForFunctionAsync("() => window.told.length > 0");
        await Expect(panel.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(panel.Tile("costs")).ToHaveAttributeAsync("data-value", "5");
        var told = await visitor.Page.EvaluateAsync<string[]>("() => window.told");
        Assert.All(told, alert =>
        {
            Assert.Contains("Too many requests", alert);
            Assert.Contains("Request r-429", alert);
            Assert.EndsWith("beside 5", alert);
        });
        Assert.True(told.Select(alert => alert.Split("Asks again in ").Last()[0]).Distinct().Count() > 1, string.Join('\n', told));
    }

    [Fact]
    public async Task Without_a_connection_the_numbers_of_another_day_do_not_stand_under_this_one()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            [.. Enumerable.Range(0, 2).Select(day => Some.Event("order.placed", Some.Day.AddDays(day).AddHours(9), cost: 5 + day))]);
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?{Day}");
        await Expect((await visitor.ShownAsync("metrics-one")).Tile("costs")).ToHaveAttributeAsync("data-value", "5");
        var panel = visitor.Panel("metrics-one");

        await visitor.Page.Context.SetOfflineAsync(true);
        await panel.ScrollIntoViewIfNeededAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(panel).ToContainTextAsync("Not loaded: this browser is offline.");
        await Expect(panel.Tile("costs")).ToHaveCountAsync(0);

        await visitor.Page.Context.SetOfflineAsync(false);
        await Expect(panel.Tile("costs")).ToHaveAttributeAsync("data-value", "6");
    }

    // What is said for a second only nobody has to look at just then.
    const string NotesAlerts = """
        (panel) => {
          window.told = [];
          new MutationObserver(() => {
            const alert = panel.querySelector("[role=alert]");
            if (alert) window.told.push(`${alert.textContent} beside ${panel.querySelector("[data-metric=costs]")?.dataset.value}`);
          }).observe(panel, { childList: true, subtree: true, characterData: true });
        }
        """;

    /// <summary>The ids of the requests that were refused.</summary>
    static ConcurrentBag<string> Refused(Visitor visitor)
    {
        var ids = new ConcurrentBag<string>();
        visitor.Page.Response += (_, response) =>
        {
            if (response.Status == 503 && response.Headers.TryGetValue("x-request-id", out var id))
                ids.Add(id);
        };
        return ids;
    }

    static async Task SaysAsync(ILocator panel, ConcurrentBag<string> refused)
    {
        var alert = panel.GetByRole(AriaRole.Alert);
        await Expect(alert).ToContainTextAsync("Asks again");
        await Expect(alert.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await Expect(alert.GetByRole(AriaRole.Button, new() { Name = "Copy the request id" })).ToBeVisibleAsync();
        Assert.Contains(await alert.Locator("code").InnerTextAsync(), refused);
    }
}
