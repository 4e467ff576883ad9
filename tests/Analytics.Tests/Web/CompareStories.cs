using Analytics.Tests.Features.Metrics;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class CompareStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Range = "from=2026-03-09&to=2026-03-13&interval=day&compare=previous";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    // Costs of five days from the 9th on, and of the five before them: nothing on the 4th.
    static readonly decimal[] Now = [2, 6, 5, 5, 5];
    static readonly decimal[] Before = [0, 4, 10, 5, 1];

    [Fact]
    public async Task A_chart_shows_the_other_dates_and_values_and_how_they_changed()
    {
        var (workspace, visitor) = await ReaderAsync();
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?{Range}");
        var panel = await visitor.ShownAsync("metrics-one");

        await Expect(panel.Tile("costs").Locator(".change")).ToContainTextAsync("+15.0 %");
        Assert.Equal(
            Now.Select((cents, day) => $"{Morning.AddDays(day - 2):dddd d MMM yyyy} | ${cents / 100:0.00} | ${Before[day] / 100:0.00}"),
            await panel.RowsAsync(5));
        var answer = await workspace.GetAsync($"{Dashboard.Days}&compare=previous_period");
        Assert.Equal(Before.Select(cents => $"{cents}"), Dashboard.Each(answer.GetProperty("previous"), "costs"));
        await Expect(panel.Locator(".chart-label.is-before").First).ToHaveTextAsync("4 Mar");
        await TellsAsync(panel, ["Home"], "Wednesday 4 Mar 2026", "new");
        await TellsAsync(panel, ["ArrowRight"], "Thursday 5 Mar 2026", "+50.0 %");

        await visitor.Page.GetByLabel("Compare", new() { Exact = true }).SelectOptionAsync("year");
        await Expect(panel.Locator(".chart-label.is-before").First).ToHaveTextAsync("9 Mar 2025");
    }

    [Fact]
    public async Task The_overview_compares_all_of_it_whether_a_route_compares_by_itself_or_not()
    {
        var (workspace, visitor) = await ReaderAsync();
        await visitor.GoAsync($"{workspace.Slug}/overview?{Range}");

        var tiles = await visitor.ShownAsync("overview-tiles");
        await Expect(tiles.Tile("file_share_revenue").Locator(".change")).ToContainTextAsync("new");
        await Expect(tiles.Tile("costs").Locator(".change")).ToContainTextAsync("+15.0 %");
        // 11 March is compared with the 6th.
        foreach (var (id, change) in ((string, string)[])[("overview-events", "0.0 %"), ("overview-requests", "+100.0 %")])
            await TellsAsync(await visitor.ShownAsync(id), ["Home", "ArrowRight", "ArrowRight"], "Friday 6 Mar 2026", change);
        var movers = await visitor.ShownAsync("overview-movers");
        await Expect(movers.Locator("li")).ToContainTextAsync(["$0.23"]);
        await Expect(movers.Locator(".change")).ToContainTextAsync(["+15.0 %"]);
    }

    async Task<(WorkspaceClient Workspace, Visitor Visitor)> ReaderAsync()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Now.Select((cents, day) => Cost(Morning.AddDays(day - 2), cents)));
        await workspace.IngestAsync(Before.Skip(1).Select((cents, day) => Cost(Morning.AddDays(day - 6), cents)));
        await workspace.IngestAsync(Share("s", Morning, 1_000), Payment("s", Morning, 1_000));
        await workspace.SendAsync(new Sent(Morning), new Sent(Morning), new Sent(Morning.AddDays(-5)));
        return (workspace, await SignedInAsync(workspace));
    }

    /// <summary>What the hover says of the bucket compared with, and how it changed.</summary>
    static async Task TellsAsync(ILocator panel, string[] keys, string before, string change)
    {
        foreach (var key in keys)
            await panel.Chart().PressAsync(key);
        await Expect(panel.Locator(".chart-tip-before > p").First).ToHaveTextAsync(before);
        await Expect(panel.Locator(".chart-tip-before .change")).ToHaveTextAsync(change);
    }
}
