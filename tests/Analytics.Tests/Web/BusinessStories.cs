using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>What somebody who answers for the business looks at: margins, the storefront, agents.</summary>
public sealed class BusinessStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Fact]
    public async Task What_costs_more_than_it_brings_is_told_first_and_a_click_goes_into_it()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeBusiness.Money());
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/costs?{SomeBusiness.Range}");

        await visitor.Page.GetByLabel("By", new() { Exact = true }).SelectOptionAsync("product");

        var rows = await visitor.ShownAsync("costs-rows");
        await Expect(rows).ToContainTextAsync("One costs more than it brings: bot (-$3.00)");
        await Expect(rows.Locator("tbody tr")).ToHaveCountAsync(2);
        Assert.Equal(["bot", "$8.00", "$5.00", "-$3.00", "-60.0 %", ""], await CellsAsync(rows, 0));
        Assert.Equal(["files", "$2.50", "$10.00", "$7.50", "75.0 %", ""], await CellsAsync(rows, 1));
        await TilesAsync(visitor, ("costCents", "1050"), ("revenueCents", "1500"), ("marginCents", "450"), ("marginPercent", "30"));

        await rows.GetByRole(AriaRole.Button, new() { Name = "bot", Exact = true }).ClickAsync();

        Assert.EndsWith($"/costs?{SomeBusiness.Range}&product=bot", visitor.Page.Url);
        await Expect(visitor.Page.GetByText("Product: bot")).ToBeVisibleAsync();
        await TilesAsync(visitor, ("costCents", "800"), ("revenueCents", "500"));
        Assert.Equal(["initech", "$5.00", "$0.00", "-$5.00", "-", ""], await CellsAsync(await visitor.ShownAsync("costs-rows"), 0));
    }

    [Fact]
    public async Task Two_groups_stand_side_by_side_and_models_have_costs_alone()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeBusiness.Money());
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/costs?{SomeBusiness.Range}");

        await visitor.Page.GetByLabel("And by").SelectOptionAsync("model");

        var rows = await visitor.ShownAsync("costs-rows");
        await Expect(rows.Locator("th")).ToHaveTextAsync(["Customer", "Model", "Costs"]);
        Assert.Equal(["initech", "gpt", "$5.00"], await CellsAsync(rows, 0));
        Assert.Equal(["globex", "gpt", "$3.00"], await CellsAsync(rows, 1));
        Assert.Equal(["initech", "No model", "$2.50"], await CellsAsync(rows, 2));
        await TilesAsync(visitor, ("costCents", "1050"), ("revenueCents", ""), ("marginPercent", ""));
        await Expect(visitor.Page.GetByText("Payments name no vendor, model or category")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_funnel_names_where_most_visitors_leave()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeBusiness.Visitors());
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/funnel?{SomeBusiness.Range}");

        var steps = await visitor.ShownAsync("funnel-steps");

        await Expect(steps).ToContainTextAsync("Most visitors leave between Prices and Sign-up: 5 of 6.");
        await Expect(steps.Locator(".is-worst")).ToHaveAttributeAsync("data-step", "signup");
        Assert.Equal(
            [
                "Visit | 10 | 100 % | 100 % | 0", "Product | 8 | 80 % | 80 % | 2", "Prices | 6 | 75 % | 60 % | 2",
                "Sign-up | 1 | 16.67 % | 10 % | 5", "Subscription | 0 | 0 % | 0 % | 1", "First API call | 0 | 0 % | 0 % | 0",
            ],
            await steps.RowsAsync(6));
        Assert.Equal(
            ["Wednesday 11 Mar 2026 | 10 | 8 | 6 | 1 | 0 | 0"], await (await visitor.ShownAsync("funnel-daily")).RowsAsync(1));
    }

    [Fact]
    public async Task A_tool_that_fails_a_lot_is_named_beside_sessions_and_agents()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeBusiness.Tools());
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/mcp?{SomeBusiness.Range}");

        var tools = await visitor.ShownAsync("mcp-tools");

        await Expect(tools).ToContainTextAsync("Fails a lot: export (50.0 %)");
        Assert.Equal(["search", "files", "30", "60 %", "0", "0 %", "100 ms", "100 ms", "$0.00"], await CellsAsync(tools, 0));
        Assert.Equal(["export", "files", "20", "40 %", "10", "50 %", "100 ms", "100 ms", "$0.00"], await CellsAsync(tools, 1));
        Assert.Equal(["claude", "50", "100 %", "2", "$0.00"], await CellsAsync(await visitor.ShownAsync("mcp-agents"), 0));
        var sessions = await visitor.ShownAsync("mcp-sessions");
        await Expect(sessions.Tile("totalSessions")).ToHaveAttributeAsync("data-value", "2");
        await Expect(sessions.Tile("activeSessions")).ToHaveAttributeAsync("data-value", "0");
        await Expect(sessions.Tile("avgDurationSeconds")).ToHaveAttributeAsync("data-value", "600");
    }

    static async Task TilesAsync(Visitor visitor, params (string Slug, string Value)[] tiles)
    {
        var panel = await visitor.ShownAsync("costs-totals");
        foreach (var (slug, value) in tiles)
            await Expect(panel.Tile(slug)).ToHaveAttributeAsync("data-value", value);
    }

    static async Task<string[]> CellsAsync(ILocator panel, int row)
    {
        var cells = panel.Locator("tbody tr").Nth(row).Locator("td");
        await Expect(cells.First).ToBeVisibleAsync();
        return [.. (await cells.AllInnerTextsAsync()).Select(cell => cell.Trim())];
    }
}
