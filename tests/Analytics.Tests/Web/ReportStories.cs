using System.Text.Json.Nodes;
using Analytics.Tests.Features.Business.Reports;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>A question that is kept: asked again, scheduled, shared, changed, deleted.</summary>
public sealed class ReportStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Fact]
    public async Task A_question_is_saved_run_shared_changed_and_deleted()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Order("pro", 3), Order("pro", 4), Order("team", 5));
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 POST /api/v1/analytics/reports");
        await visitor.GoAsync($"{workspace.Slug}/explore?period=7d&event=order.placed&by=plan&interval=none");
        await visitor.ShownAsync("explore");

        await Button(visitor, "Save as a report").ClickAsync();
        await Label(visitor, "Runs by itself").SelectOptionAsync("week");
        await Label(visitor, "At").FillAsync("06:30");
        await Label(visitor, "Time zone").SelectOptionAsync("Asia/Tokyo");
        await Button(visitor, "Save").ClickAsync();
        await Expect(Dialog(visitor).GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Label(visitor, "Name").FillAsync("Orders");
        await Button(visitor, "Save").ClickAsync();

        await Expect(visitor.Panel("report")).ToContainTextAsync("count of order.placed by plan");
        await Expect(visitor.Panel("report")).ToContainTextAsync("Every week, on Monday, 06:30 in Asia/Tokyo");
        await Expect((await visitor.ShownAsync("report-run")).Locator("tbody tr")).ToHaveTextAsync(["pro2", "team1"]);
        await Expect(await visitor.ShownAsync("report-runs")).ToContainTextAsync("Nothing is kept yet.");

        await ShareAsync(visitor, workspace);
        await ChangeAsync(visitor);

        await Button(visitor, "Delete").ClickAsync();
        await Expect(Dialog(visitor).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeDisabledAsync();
        await Dialog(visitor).GetByRole(AriaRole.Textbox).FillAsync("Orders and more");
        await Dialog(visitor).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(visitor.Panel("reports")).ToContainTextAsync("No reports yet.");
        Assert.Empty((await workspace.GetAsync("/api/v1/analytics/reports")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task What_a_schedule_ran_is_kept_as_it_was_then()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var query = new { metrics = (object[])[new { aggregation = "count" }], events = (string[])["order.placed"], period = "7d" };
        var saved = await workspace.PostAsync(
            SomeReports.Path, new { name = "Orders", query, schedule = SomeReports.Schedule("day", "08:00") }, 201);
        var report = saved.GetProperty("id").GetString()!;
        await Api.MissedRunAsync(workspace, $"{SomeReports.Path}/{report}");
        await workspace.IngestAsync(Order("pro", 3));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/reports/{report}");
        await Expect((await visitor.ShownAsync("report-run")).Tile("count")).ToHaveAttributeAsync("data-value", "1");

        await (await visitor.ShownAsync("report-runs")).GetByRole(AriaRole.Link).First.ClickAsync();

        await Expect((await visitor.ShownAsync("report-run")).Tile("count")).ToHaveAttributeAsync("data-value", "0");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Orders" }).ClickAsync();
        await Expect((await visitor.ShownAsync("report-run")).Tile("count")).ToHaveAttributeAsync("data-value", "1");
    }

    [Fact]
    public async Task Reports_are_found_by_their_names_and_opened()
    {
        var workspace = await Api.NewWorkspaceAsync();
        foreach (var name in (string[])["Orders", "Customers"])
            await workspace.PostAsync(
                "/api/v1/analytics/reports", new { name, query = new { metrics = (object[])[new { aggregation = "count" }], period = "7d" } }, 201);
        var (_, user) = await Api.NewUserAsync((workspace, "viewer"));
        var visitor = await SignedInAsync(user);
        await visitor.GoAsync($"{workspace.Slug}/reports");
        var rows = (await visitor.ShownAsync("reports")).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);

        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("order");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.GetByRole(AriaRole.Link, new() { Name = "Orders" }).ClickAsync();

        await Expect((await visitor.ShownAsync("report-run")).Tile("count")).ToHaveAttributeAsync("data-value", "0");
        await Expect(visitor.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Change" })).ToHaveCountAsync(0);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Open in Explore" }).ClickAsync();
        await Expect((await visitor.ShownAsync("explore")).Tile("count")).ToHaveAttributeAsync("data-value", "0");
    }

    /// <summary>Who has the link sees the report without being anybody.</summary>
    async Task ShareAsync(Visitor visitor, WorkspaceClient workspace)
    {
        await Button(visitor, "Share a link").ClickAsync();
        await Button(visitor, "Make a link").ClickAsync();
        var link = await Label(visitor, "The link").InputValueAsync();
        await Button(visitor, "Close").ClickAsync();
        var somebody = await VisitorAsync();
        await somebody.Page.GotoAsync(link);
        await Expect(somebody.Page.Locator("body")).ToContainTextAsync("team");
        Assert.StartsWith(workspace.Api.Address.ToString(), link, StringComparison.Ordinal);
    }

    /// <summary>In Explore it asks for one more number; its name changes where it stands.</summary>
    static async Task ChangeAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Open in Explore" }).ClickAsync();
        await visitor.ShownAsync("explore");
        await Button(visitor, "Add a number").ClickAsync();
        await visitor.Page.GetByLabel("What number 2 is").SelectOptionAsync("sum");
        await visitor.Page.GetByLabel("Field of number 2").FillAsync("amount");
        await Button(visitor, "Ask").ClickAsync();
        await Expect((await visitor.ShownAsync("explore")).Locator("th")).ToHaveTextAsync(["plan", "count", "sum(amount)"]);
        await Button(visitor, "Save to Orders").ClickAsync();
        await Label(visitor, "Name").FillAsync("Orders and more");
        await Button(visitor, "Save").ClickAsync();
        await Expect(visitor.Panel("report")).ToContainTextAsync("Orders and more");
        await Expect(visitor.Panel("report")).ToContainTextAsync("06:30 in Asia/Tokyo");
        await Expect((await visitor.ShownAsync("report-run")).Locator("tbody tr")).ToHaveTextAsync(["pro27", "team15"]);
    }

    static JsonObject Order(string plan, decimal amount) =>
        Some.Event("order.placed", metadata: new() { ["plan"] = plan, ["amount"] = amount });

    static ILocator Dialog(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Dialog);

    static ILocator Button(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Label(Visitor visitor, string text) => Dialog(visitor).GetByLabel(text, new() { Exact = true });
}
