using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>Units, products and who uses them, made and looked at on the page.</summary>
public sealed class UsageStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Fact]
    public async Task A_unit_is_made_with_its_faults_beside_the_fields_counts_what_is_there_and_is_deleted()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeBusiness.Tools());
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 POST /api/v1/billable-units");
        await visitor.GoAsync($"{workspace.Slug}/usage?{SomeBusiness.Range}");
        await Expect(await visitor.ShownAsync("usage-definitions")).ToContainTextAsync("No units yet.");

        await Button(visitor, "New unit").ClickAsync();
        await Label(visitor, "Key").FillAsync("time");
        await Label(visitor, "Name").FillAsync("Time of tools");
        await Label(visitor, "One of it is called").FillAsync("ms");
        await Label(visitor, "Events").FillAsync("mcp.tool_invoked");
        await Label(visitor, "It is").SelectOptionAsync("SUM");
        await Button(visitor, "Add a filter").ClickAsync();
        await Label(visitor, "Field of filter 1").FillAsync("duration_ms");
        await Label(visitor, "Operator of filter 1").SelectOptionAsync("LESS_THAN");
        await Label(visitor, "Value of filter 1").FillAsync("soon");
        await Button(visitor, "Make the unit").ClickAsync();
        await Expect(visitor.Page.GetByText("Is required unless events are only counted.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("Value: Must be a number.")).ToBeVisibleAsync();
        await Label(visitor, "Field").FillAsync("duration_ms");
        await Label(visitor, "Value of filter 1").FillAsync("500");
        await Button(visitor, "Make the unit").ClickAsync();

        var usage = (await visitor.ShownAsync("usage-units")).Locator("tbody tr");
        await Expect(usage).ToHaveCountAsync(1);
        await Expect(usage).ToContainTextAsync("Time of tools");
        await Expect(usage).ToContainTextAsync("5,000");
        Assert.Equal(["Wednesday 11 Mar 2026 | 5,000"], await (await visitor.ShownAsync("usage-trend")).RowsAsync(1));
        Assert.Equal(["initech | 5,000 | 100 %"], await (await visitor.ShownAsync("usage-unit-customers")).RowsAsync(1));

        await Button(visitor, "Change Time of tools").ClickAsync();
        await Label(visitor, "Name").FillAsync("Milliseconds");
        await Button(visitor, "Save").ClickAsync();
        await Expect(usage).ToContainTextAsync("Milliseconds");

        await Button(visitor, "Delete Milliseconds").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(visitor.Panel("usage-definitions")).ToContainTextAsync("No units yet.");
        Assert.Empty((await workspace.GetAsync("/api/v1/billable-units")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_product_is_made_and_what_names_it_is_its_usage()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(SomeBusiness.Money());
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/usage/products?{SomeBusiness.Range}");
        var used = (await visitor.ShownAsync("usage-products")).Locator("tbody tr");
        await Expect(used).ToHaveCountAsync(2);
        await Expect(used.Filter(new() { HasText = "bot" })).ToContainTextAsync("no product");

        await Button(visitor, "New product").ClickAsync();
        await Label(visitor, "Key").FillAsync("bot");
        await Label(visitor, "Name").FillAsync("The bot");
        await Label(visitor, "Type").SelectOptionAsync("AI_AGENT");
        await Button(visitor, "Make the product").ClickAsync();

        await Expect(used.Filter(new() { HasText = "The bot" })).ToContainTextAsync("AI agent");
        await Expect(visitor.Panel("products").Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Equal("AI_AGENT", (await workspace.GetAsync("/api/v1/products")).GetProperty("data")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Whoever_may_leave_is_named_with_what_says_so()
    {
        var noon = Noon.Now();
        var workspace = await Api.NewWorkspaceAsync(noon.Zone);
        await workspace.IngestAsync(
            [
                .. Enumerable.Range(0, 12).Select(_ => Some.Event("task.done", noon.Morning(9), Some.ExternalId, "gone")),
                Some.Event("payment.failed", noon.Morning(2), Some.ExternalId, "gone", metadata: new JsonObject { ["payment_id"] = "p" }),
                Some.Event("task.done", noon.Morning(2), Some.ExternalId, "stays"),
            ]);
        var visitor = await SignedInAsync(workspace);

        await visitor.GoAsync($"{workspace.Slug}/usage/customers");

        var rows = (await visitor.ShownAsync("usage-customers")).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("high 71");
        await Expect(rows.First).ToContainTextAsync("-91.7 % events in 7 days, 1 failed payment in 30 days");
        await Expect(rows.Last).ToContainTextAsync("none");
        await Expect(visitor.Panel("usage-customers")).ToContainTextAsync("May leave: gone");
    }

    static ILocator Button(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Label(Visitor visitor, string text) =>
        visitor.Page.GetByRole(AriaRole.Dialog).GetByLabel(text, new() { Exact = true });
}
