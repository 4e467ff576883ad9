using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>Somebody asks what no page answers, and keeps the question.</summary>
public sealed class ExploreStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Range = "from=2026-03-09&to=2026-03-13";

    [Fact]
    public async Task What_is_asked_stands_in_the_address_and_is_answered_as_bars_table_and_file()
    {
        var workspace = await WithOrdersAsync();
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/explore?{Range}");
        await Expect((await visitor.ShownAsync("explore")).Locator("tbody tr")).ToHaveCountAsync(5);

        await AskAsync(visitor);

        var answer = await visitor.ShownAsync("explore");
        await Expect(answer.Locator("tbody tr")).ToHaveTextAsync(["team30", "pro12.5"]);
        await Expect(answer.Locator(".bars li")).ToHaveCountAsync(2);
        const string Asked = "metric=sum%28amount%29&event=order.placed&by=plan&where=plan+NOT_EQUALS+free&interval=none";
        Assert.EndsWith($"/explore?{Range}&{Asked}", visitor.Page.Url);

        var item = await answer.ItemAsync("Download CSV");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => item.ClickAsync());
        Assert.Equal("plan,sum(amount)\r\nteam,30\r\npro,12.5\r\n", await File.ReadAllTextAsync(await download.PathAsync()));

        // Another one opens the link, and goes into a group.
        var other = await SignedInAsync(workspace);
        await other.GoAsync(visitor.Page.Url[(visitor.Page.Url.IndexOf("/ui/", StringComparison.Ordinal) + 4)..]);
        answer = await other.ShownAsync("explore");
        await Expect(answer.Locator("tbody tr")).ToHaveTextAsync(["team30", "pro12.5"]);
        await answer.GetByRole(AriaRole.Button, new() { Name = "team", Exact = true }).ClickAsync();
        await Expect((await other.ShownAsync("explore")).Tile("sum(amount)")).ToHaveAttributeAsync("data-value", "30");
        await Expect(other.Page.GetByLabel("Value of filter 2")).ToHaveValueAsync("team");
        await other.Page.GoBackAsync();
        await Expect((await other.ShownAsync("explore")).Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Over_time_each_group_is_a_part_of_every_day()
    {
        var workspace = await WithOrdersAsync();
        var visitor = await SignedInAsync(workspace);

        await visitor.GoAsync($"{workspace.Slug}/explore?{Range}&event=order.placed&by=plan&metric=count&metric=avg(amount)");

        var answer = await visitor.ShownAsync("explore");
        await answer.SaysAsync("End", "Friday 13 Mar 2026, team 0, free 0, pro 0");
        await answer.SaysAsync(["Home", "ArrowRight"], "Tuesday 10 Mar 2026, team 2, free 1, pro 0");
        await answer.GetByRole(AriaRole.Group, new() { Name = "Shown" }).GetByRole(AriaRole.Button, new() { Name = "avg(amount)" }).ClickAsync();
        await answer.SaysAsync(["Home", "ArrowRight"], "Tuesday 10 Mar 2026, free 100, team 15, pro no value");
    }

    [Fact]
    public async Task What_cannot_be_asked_is_told_beside_its_field()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 POST /api/v1/analytics/query");
        await visitor.GoAsync($"{workspace.Slug}/explore?{Range}");

        await Label(visitor, "Rows at most").FillAsync("2000");
        await Button(visitor, "Add a filter").ClickAsync();
        await Label(visitor, "Field of filter 1").FillAsync("amount");
        await Label(visitor, "Operator of filter 1").SelectOptionAsync("GREATER_THAN");
        await Label(visitor, "Value of filter 1").FillAsync("much");
        await Button(visitor, "Ask").ClickAsync();

        var form = visitor.Page.GetByRole(AriaRole.Form, new() { Name = "Question" });
        await Expect(form.GetByText("Value: Must be a number.")).ToBeVisibleAsync();
        await Expect(Label(visitor, "Rows at most")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task A_viewer_and_a_customers_own_key_ask_and_save_nothing()
    {
        var workspace = await WithOrdersAsync();
        var acme = await workspace.NewCustomerAsync("acme", "Acme");
        var (_, user) = await Api.NewUserAsync((workspace, "viewer"));
        foreach (var (key, orders) in ((ApiClient, string)[])[(user, "5"), (await workspace.BoundToAsync(acme), "2")])
        {
            var visitor = await SignedInAsync(key);
            await visitor.GoAsync($"{workspace.Slug}/explore?{Range}&event=order.placed&interval=none");
            await Expect((await visitor.ShownAsync("explore")).Tile("count")).ToHaveAttributeAsync("data-value", orders);
            await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { NameString = "Save" })).ToHaveCountAsync(0);
        }
    }

    /// <summary>By events of orders that are not free, their amounts by plan, the biggest first.</summary>
    static async Task AskAsync(Visitor visitor)
    {
        await Label(visitor, "What number 1 is").SelectOptionAsync("sum");
        await Label(visitor, "Field of number 1").FillAsync("amount");
        await Label(visitor, "Events").FillAsync("order.placed");
        await Label(visitor, "Events").PressAsync("Enter");
        await Label(visitor, "Told apart by").FillAsync("plan");
        await Button(visitor, "Add a filter").ClickAsync();
        await Label(visitor, "Field of filter 1").FillAsync("plan");
        await Label(visitor, "Operator of filter 1").SelectOptionAsync("NOT_EQUALS");
        await Label(visitor, "Value of filter 1").FillAsync("free");
        await Label(visitor, "Over time").SelectOptionAsync("none");
        await Button(visitor, "Ask").ClickAsync();
    }

    async Task<WorkspaceClient> WithOrdersAsync()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Order("team", 10, 10), Order("team", 20, 10, "globex"), Order("pro", 12.5m, 11), Order("free", 100, 10, "globex"),
            Order("free", 0, 12, "globex"), Some.Event("order.seen", Some.Day));
        return workspace;
    }

    static JsonObject Order(string plan, decimal amount, int day, string customer = "acme") => Some.Event(
        "order.placed", new(2026, 3, day, 9, 0, 0, TimeSpan.Zero), customer: customer,
        metadata: new() { ["plan"] = plan, ["amount"] = amount });

    static ILocator Button(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Label(Visitor visitor, string text) => visitor.Page.GetByLabel(text, new() { Exact = true });
}
