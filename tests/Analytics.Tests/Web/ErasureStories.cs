using System.Text.Json.Nodes;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class ErasureStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Name = "Jane Doe-Kowalski";
    const string Mail = "jane@example.org";
    const string Day = "from=2026-03-11&to=2026-03-11";

    [Fact]
    public async Task Erasing_a_customer_takes_its_name_typed_and_leaves_nothing_that_names_it()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var jane = await workspace.NewCustomerAsync(Mail, Name);
        await workspace.NewCustomerAsync("globex", "Globex");
        var at = Some.Day.AddHours(9);
        await workspace.IngestAsync(
            Some.Event("order.placed", at, customer: Mail, cost: 5, metadata: new JsonObject { ["note"] = $"for {Mail}" }),
            Some.Event("order.placed", at, customer: "globex", cost: 7));
        await workspace.SendAsync(new Sent(at, Customer: Mail), new Sent(at, Customer: "globex"));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/customers?{Day}");
        await visitor.Panel("customers").GetByRole(AriaRole.Link, new() { Name = Name }).ClickAsync();
        await Expect((await visitor.ShownAsync("customer-tiles")).Tile("costs")).ToHaveAttributeAsync("data-value", "5");

        var job = await EraseAsync(visitor);

        await Expect(visitor.Page.GetByText("Nothing names the person any more")).ToHaveAttributeAsync("aria-current", "step");
        var erased = await workspace.GetAsync($"/api/erasures/{job}");
        // The order, the request, and the service's own record of the new customer.
        Assert.Equal(3, erased.GetProperty("events").GetInt32());
        await Expect(visitor.Panel("erasure").GetByRole(AriaRole.Status)).ToContainTextAsync("3 events and requests scrubbed. Verified ");
        await workspace.GetAsync($"/api/customers/{jane}", 404);
        await IsForgottenAsync(visitor, workspace);
        // What was counted still is.
        await visitor.GoAsync($"{workspace.Slug}/overview?{Day}");
        await Expect((await visitor.ShownAsync("overview-tiles")).Tile("costs")).ToHaveAttributeAsync("data-value", "12");
    }

    /// <summary>Asks for it, types another name first, then the right one; the job.</summary>
    static async Task<string> EraseAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Erase", Exact = true }).ClickAsync();
        var question = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Erase the customer" });
        var sure = question.GetByRole(AriaRole.Button, new() { Name = "Erase", Exact = true });
        await Expect(sure).ToBeDisabledAsync();
        await question.GetByRole(AriaRole.Textbox).FillAsync(Name.ToLowerInvariant());
        await question.GetByRole(AriaRole.Textbox).PressAsync("Enter");
        await Expect(sure).ToBeDisabledAsync();
        await question.GetByRole(AriaRole.Textbox).FillAsync(Name);
        await sure.ClickAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(
            "/customers/erasures/[^/]+$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        return new Uri(visitor.Page.Url).Segments[^1];
    }

    /// <summary>Neither where the reader was, nor where else the person stood before.</summary>
    static async Task IsForgottenAsync(Visitor visitor, WorkspaceClient workspace)
    {
        await visitor.Page.GoBackAsync();
        await IsNamedNowhereAsync(visitor);
        foreach (var address in (string[])["customers", $"events/browse?{Day}", $"api/customers?{Day}", $"api/recent?{Day}", $"overview?{Day}"])
        {
            await visitor.GoAsync($"{workspace.Slug}/{address}");
            await IsNamedNowhereAsync(visitor);
        }
    }

    static async Task IsNamedNowhereAsync(Visitor visitor)
    {
        await Expect(visitor.Page.Locator("[data-state=shown]").First).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("[data-state=loading]")).ToHaveCountAsync(0);
        var text = await visitor.Page.ContentAsync();
        Assert.DoesNotContain(Name, text);
        Assert.DoesNotContain(Mail, text);
    }
}
