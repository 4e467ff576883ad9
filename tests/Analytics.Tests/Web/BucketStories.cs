using System.Text.RegularExpressions;
using Analytics.Tests.Features.Metrics;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class BucketStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    /// <summary>All that is drawn for buckets that are not over.</summary>
    const string Unfinished = ".chart :is(.mark-dashed, .mark-hollow, .mark-open, .mark-hatch)";

    [Fact]
    public async Task Today_looks_unfinished_until_it_is_left_out()
    {
        var noon = Noon.Now();
        var workspace = await Api.NewWorkspaceAsync(noon.Zone);
        await workspace.IngestAsync(Cost(noon.Morning(), 3), Cost(noon.Morning(1), 5), Cost(noon.Morning(2), 7), Cost(noon.Morning(20), 9));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?period=7d&interval=day");
        var panel = await visitor.ShownAsync("metrics-one");

        // As bars, and compared with something as a line.
        Assert.Equal((6, 1), (await panel.Locator(".mark-bar").ShapesAsync(), await panel.Locator(".mark-open").ShapesAsync()));
        await Expect(panel.Chart().GetByText("so far")).ToBeVisibleAsync();
        await panel.SaysAsync("End", $"{noon.Day()}, Costs $0.03, so far");
        await panel.SaysAsync("ArrowLeft", $"{noon.Day(1)}, Costs $0.05");
        var rows = await panel.RowsAsync(7);
        Assert.Equal([$"{noon.Day(2)} | $0.07", $"{noon.Day(1)} | $0.05", $"{noon.Day()} (so far) | $0.03"], rows[4..]);
        var answer = await workspace.GetAsync($"{Dashboard.Route}?start_date={noon.Date(6)}&end_date={noon.Date()}&interval=day");
        Assert.Equal(
            rows.Select(row => row.Contains("(so far)", StringComparison.Ordinal)),
            Dashboard.Periods(answer).Select(period => period.TryGetProperty("partial", out var partial) && partial.GetBoolean()));

        await visitor.Page.GetByLabel("Compare", new() { Exact = true }).SelectOptionAsync("previous");
        await Expect(panel.Locator(".chart .mark-dashed")).ToHaveCountAsync(1);
        Assert.Equal((1, 1), (await panel.Locator(".chart .mark-line").ShapesAsync(), await panel.Locator(".mark-hollow").ShapesAsync()));
        await Expect(panel.Tile("costs").Locator(".change")).ToContainTextAsync("so far");

        await visitor.Page.GetByLabel("Complete only").CheckAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("&complete=1$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(visitor.Page.Locator(Unfinished)).ToHaveCountAsync(0);
        await Expect(panel.Tile("costs").Locator(".change")).Not.ToContainTextAsync("so far");
        Assert.StartsWith($"{noon.Day(1)} | $0.05", (await panel.RowsAsync(6))[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_that_have_not_come_yet_are_not_drawn_as_nothing()
    {
        var noon = Noon.Now();
        var workspace = await Api.NewWorkspaceAsync(noon.Zone);
        await workspace.IngestAsync(Cost(noon.Morning(), 3), Cost(noon.Morning(20), 9));
        var visitor = await SignedInAsync(workspace);
        await visitor.Page.Clock.SetFixedTimeAsync(noon.Midnight.AddHours(12.5).UtcDateTime);
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?period=today&interval=hour&compare=previous");
        var panel = await visitor.ShownAsync("metrics-one");

        // Thirteen hours have begun; the line, and the one beside the total, end at the thirteenth of 24.
        await Expect(panel.Locator(".mark-late")).ToHaveCountAsync(1);
        await panel.SaysAsync(["Home", "ArrowRight"], $"{noon.Hour(1)}, Costs $0.03");
        await panel.SaysAsync([.. Enumerable.Repeat("ArrowRight", 12)], $"{noon.Hour(13)}, not yet");
        Assert.Equal(13, await panel.Locator(".chart :is(.mark-line, .mark-dashed)").CornersAsync());
        Assert.Equal(13, await panel.Locator(".spark :is(.mark-line, .mark-dashed)").CornersAsync());
    }

    [Fact]
    public async Task Charts_of_a_time_that_is_over_have_no_dashes_but_where_it_was_cut()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var morning = Some.Day.AddHours(9);
        await workspace.IngestAsync(Enumerable.Range(0, 12).Select(day => Cost(morning.AddDays(day), 5)));
        await workspace.SendAsync(Enumerable.Range(0, 12).Select(day => new Sent(morning.AddDays(day))));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/overview?from=2026-03-11&to=2026-03-22&interval=day&compare=previous");
        foreach (var id in (string[])["overview-money", "overview-events", "overview-requests"])
            await Expect((await visitor.ShownAsync(id)).Locator(".chart path[class^=mark-]").First).ToBeAttachedAsync();
        await Expect(visitor.Page.Locator(Unfinished)).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByText("so far")).ToHaveCountAsync(0);

        // The 11th is a Wednesday: the first week is cut, the second is whole.
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?from=2026-03-11&to=2026-03-22&interval=week");
        var panel = await visitor.ShownAsync("metrics-one");
        Assert.Equal((1, 1), (await panel.Locator(".mark-bar").ShapesAsync(), await panel.Locator(".mark-open").ShapesAsync()));
        await panel.SaysAsync("Home", "Week of 9 Mar 2026, Costs $0.25, partly");
        await panel.SaysAsync("End", "Week of 16 Mar 2026, Costs $0.35");
    }

    [Fact]
    public async Task A_drag_over_three_days_zooms_to_them_and_escape_goes_back()
    {
        var (visitor, panel) = await FiveDaysAsync("&interval=day");

        await DragAsync(visitor, panel, 5, 1, 3);
        await AtAsync(visitor, "metrics/costs?interval=day&from=2026-03-10&to=2026-03-12");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.14");
        Assert.Equal(
            ["Tuesday 10 Mar 2026 | $0.02", "Wednesday 11 Mar 2026 | $0.04", "Thursday 12 Mar 2026 | $0.08"], await panel.RowsAsync(3));
        await visitor.Page.Keyboard.PressAsync("Escape");
        await AtAsync(visitor, "metrics/costs?from=2026-03-09&to=2026-03-13&interval=day");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.31");

        // The same by keyboard.
        foreach (var key in (string[])["Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"])
            await panel.Chart().PressAsync(key);
        await AtAsync(visitor, "metrics/costs?interval=day&from=2026-03-10&to=2026-03-12");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.14");
    }

    [Fact]
    public async Task A_click_on_a_day_zooms_to_it_and_so_does_enter()
    {
        var (visitor, panel) = await FiveDaysAsync("");

        await PointAsync(visitor, panel, 5, 3);
        await visitor.Page.Mouse.DownAsync();
        await visitor.Page.Mouse.UpAsync();
        await AtAsync(visitor, "metrics/costs?from=2026-03-12&to=2026-03-12");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.08");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.31");

        foreach (var key in (string[])["Home", "ArrowRight", "Enter"])
            await panel.Chart().PressAsync(key);
        await AtAsync(visitor, "metrics/costs?from=2026-03-10&to=2026-03-10");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.02");
    }

    [Fact]
    public async Task Before_the_first_event_there_is_grey_ground_and_no_zeros()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync([Cost(Some.Day.AddHours(9), 5), Cost(Some.Day.AddDays(2).AddHours(9), 5)]);
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?from=2026-03-01&to=2026-03-13&interval=day");
        var panel = await visitor.ShownAsync("metrics-one");

        // Ten days before it; of the three days from then on the middle one is a zero.
        await Expect(panel.Locator(".chart .mark-early")).ToHaveCountAsync(1);
        await Expect(panel.Chart().GetByText("no data yet")).ToBeVisibleAsync();
        Assert.Equal(3, await panel.Locator(".chart .mark-bar").ShapesAsync());
        await panel.SaysAsync("Home", "Sunday 1 Mar 2026, no data before 11 Mar");
        await panel.SaysAsync("End", "Friday 13 Mar 2026, Costs $0.05");
        await panel.SaysAsync("ArrowLeft", "Thursday 12 Mar 2026, Costs $0.00");
    }

    [Fact]
    public async Task A_drag_over_three_hours_zooms_to_their_instants()
    {
        var workspace = await Api.NewWorkspaceAsync("Asia/Kathmandu");
        var midnight = new DateTimeOffset(2026, 3, 11, 0, 0, 0, new TimeSpan(5, 45, 0));
        await workspace.SendAsync(
            Enumerable.Range(0, 24).SelectMany(hour => Enumerable.Repeat(new Sent(midnight.AddHours(hour + 0.5)), hour + 1)));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/api?from=2026-03-11&to=2026-03-11&interval=hour");
        var panel = await visitor.ShownAsync("api-requests");

        await DragAsync(visitor, panel, 24, 6, 8);
        await AtAsync(visitor, "api?interval=hour&from=2026-03-11T00%3A15%3A00Z&to=2026-03-11T03%3A15%3A00Z");
        Assert.Equal(
            ["Wed 11 Mar 2026, 06:00–07:00 | 7 | 0", "Wed 11 Mar 2026, 07:00–08:00 | 8 | 0", "Wed 11 Mar 2026, 08:00 | 9 | 0"],
            await panel.RowsAsync(3));
        await visitor.Page.Keyboard.PressAsync("Escape");
        await AtAsync(visitor, "api?from=2026-03-11&to=2026-03-11&interval=hour");
        await panel.RowsAsync(24);
    }

    /// <summary>Costs of 1, 2, 4, 8 and 16 cents from 9 to 13 March, each on a day of its own, and their chart.</summary>
    async Task<(Visitor Visitor, ILocator Panel)> FiveDaysAsync(string interval)
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 5).Select(day => Cost(Some.Day.AddDays(day - 2).AddHours(9), 1 << day)));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?from=2026-03-09&to=2026-03-13{interval}");
        var panel = await visitor.ShownAsync("metrics-one");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.31");
        return (visitor, panel);
    }

    /// <summary>Draws the mouse from the middle of a bucket to that of another; there are so many.</summary>
    static async Task DragAsync(Visitor visitor, ILocator panel, int count, int first, int last)
    {
        await PointAsync(visitor, panel, count, first);
        await visitor.Page.Mouse.DownAsync();
        await PointAsync(visitor, panel, count, last, steps: last - first + 1);
        await Expect(panel.Locator(".chart-selection")).ToBeVisibleAsync();
        await visitor.Page.Mouse.UpAsync();
    }

    static async Task PointAsync(Visitor visitor, ILocator panel, int count, int bucket, int steps = 1)
    {
        await panel.ScrollIntoViewIfNeededAsync();
        var plot = (await panel.Locator(".chart-base").BoundingBoxAsync())!;
        await visitor.Page.Mouse.MoveAsync(plot.X + (plot.Width * (bucket + 0.5f) / count), plot.Y - 30, new() { Steps = steps });
    }

    static Task AtAsync(Visitor visitor, string address) =>
        Expect(visitor.Page).ToHaveURLAsync(new Regex($"/{Regex.Escape(address)}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
}
