using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>A number is watched: how it would have fired is known before, and when it fires everybody sees it.</summary>
[Collection<Timed>]
public sealed class AlertStories(TimedApi timed, Chromium chromium) : Story(timed.Api, chromium)
{
    [Fact]
    public async Task An_alert_is_tried_made_fires_and_is_seen_on_the_overview()
    {
        var workspace = await Api.NewWorkspaceAsync();
        // Twice in the last days there were more than two within an hour.
        await workspace.IngestAsync(
            [.. Failed(3, timed.Now.AddDays(-9)), .. Failed(2, timed.Now.AddDays(-5)), .. Failed(4, timed.Now.AddDays(-2))]);
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 POST /api/v1/alerts");
        await visitor.GoAsync($"{workspace.Slug}/alerts");
        await Expect(await visitor.ShownAsync("alerts")).ToContainTextAsync("No alerts yet.");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "New alert" }).ClickAsync();
        await Button(visitor, "Make the alert").ClickAsync();
        await Expect(Label(visitor, "Name")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Label(visitor, "Limit")).ToHaveAttributeAsync("aria-invalid", "true");
        await Label(visitor, "Name").FillAsync("Jobs fail");
        await Label(visitor, "Severity").SelectOptionAsync("ERROR");
        await Label(visitor, "Events").FillAsync("job.failed");
        await Label(visitor, "Limit").FillAsync("2");
        await Button(visitor, "Preview").ClickAsync();
        await Expect(await visitor.ShownAsync("alert-preview")).ToContainTextAsync("Would have fired 2 times in the last 30 days.");
        await Button(visitor, "Make the alert").ClickAsync();
        await Expect(await visitor.ShownAsync("alert-history")).ToContainTextAsync("It has not fired.");
        await Expect(visitor.Panel("alert")).ToContainTextAsync("Watching");

        await workspace.IngestAsync(Failed(3, timed.Now));
        // Nobody asks while the clock goes so fast that an answer would come too late.
        var here = visitor.Page.Url;
        await visitor.Page.GotoAsync("about:blank");
        await Until.HoldsAsync(
            async () =>
            {
                timed.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return await IsFiringAsync(workspace);
            },
            "The alert does not fire.");
        await visitor.Page.GotoAsync(here);
        await Expect(visitor.Panel("alert")).ToContainTextAsync("Firing");
        await Expect((await visitor.ShownAsync("alert-history")).Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.GoAsync($"{workspace.Slug}/overview");
        var firing = await visitor.ShownAsync("overview-alerts");
        await Expect(firing).ToContainTextAsync("Jobs fail");
        await firing.GetByRole(AriaRole.Link, new() { Name = "Jobs fail" }).ClickAsync();

        await Button(visitor, "Turn off").ClickAsync();
        await Expect(visitor.Panel("alert").GetByText("Off", new() { Exact = true })).ToBeVisibleAsync();
        await Button(visitor, "Delete").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(await visitor.ShownAsync("alerts")).ToContainTextAsync("No alerts yet.");
    }

    static async Task<bool> IsFiringAsync(WorkspaceClient workspace) =>
        (await workspace.GetAsync("/api/v1/alerts")).GetProperty("data")[0].GetProperty("state").GetString() == "crossed";

    static JsonObject[] Failed(int count, DateTimeOffset at) => Some.Events(count, "job.failed", at);

    static ILocator Button(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Label(Visitor visitor, string text) => visitor.Page.GetByLabel(text, new() { Exact = true });
}
