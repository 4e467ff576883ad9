using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class EndpointStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Range = "from=2026-03-11&to=2026-03-11";
    // The API's end is exclusive.
    const string ToNext = "from=2026-03-11&to=2026-03-12";

    static readonly (string Slug, double Share)[] Percentiles = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];

    [Fact]
    public async Task A_click_on_an_endpoint_shows_its_percentiles_and_how_near_they_are()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var few = Latencies(87);
        var many = Latencies(10_000);
        await workspace.SendAsync(few.Select((latency, at) => Some(at, "GET:/few/:id", latency, (short)(at % 10 == 0 ? 503 : 200))));
        await workspace.SendAsync(many.Select((latency, at) => Some(at, "GET:/many", latency, 200)));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/api/endpoints?{Range}");
        var list = await visitor.ShownAsync("api-endpoints");
        await Expect(list.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(list.Locator("tbody tr").First).ToContainTextAsync("GET:/many");

        await Link(visitor, "GET:/few/:id").ClickAsync();
        await ShowsAsync(visitor, await workspace.GetAsync($"/api/requests/latency?{ToNext}&endpoint=GET:/few/:id"), few, "exact");
        await NotesAsync(visitor, "n = 87, exact");
        await Expect(visitor.Page.GetByText("Endpoint: GET:/few/:id")).ToBeVisibleAsync();
        Assert.EndsWith($"/api/endpoints?{Range}&endpoint=GET%3A%2Ffew%2F%3Aid", visitor.Page.Url);
        var codes = await (await visitor.ShownAsync("api-endpoint-status")).RowsAsync(2);
        Assert.Equal(["200 | 78", "503 | 9"], codes.Select(row => row[..row.LastIndexOf(" |", StringComparison.Ordinal)]));
        await Expect((await visitor.ShownAsync("api-endpoint-recent")).Locator("tbody tr")).ToHaveCountAsync(20);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "All endpoints" }).ClickAsync();
        await Link(visitor, "GET:/many").ClickAsync();
        await ShowsAsync(visitor, await workspace.GetAsync($"/api/requests/latency?{ToNext}&endpoint=GET:/many"), many, "within 1 %");
        await NotesAsync(visitor, "n = 720, within 1 %");

        // The filter goes along to the tabs that take it.
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Recent", Exact = true }).ClickAsync();
        var recent = await visitor.ShownAsync("api-recent");
        await Expect(recent.Locator("tbody tr").First).ToContainTextAsync("/many");
        await Expect(recent.GetByText("/few")).ToHaveCountAsync(0);
    }

    /// <summary>Of each percentile: the API's own number, which a recount gives too, and how near it says to be.</summary>
    static async Task ShowsAsync(Visitor visitor, System.Text.Json.JsonElement answer, decimal[] latencies, string nearness)
    {
        var panel = await visitor.ShownAsync("api-endpoint-latency");
        await Expect(panel.Tile("count")).ToHaveAttributeAsync("data-value", $"{latencies.Length}");
        foreach (var (slug, share) in Percentiles)
        {
            await Expect(panel.Tile(slug)).ToHaveAttributeAsync("data-value", answer.GetProperty(slug).GetRawText());
            await Expect(panel.Tile(slug).Locator("small")).ToHaveTextAsync(nearness);
            var (found, counted) = (answer.GetProperty(slug).GetDouble(), PercentileOf(latencies, share));
            // Answers have two decimals.
            Assert.InRange(found, counted - Room(counted), counted + Room(counted));
        }

        double Room(double counted) => 0.005 + (nearness == "exact" ? 0 : counted / 100);
    }

    /// <summary>What the chart says of the first hour.</summary>
    static async Task NotesAsync(Visitor visitor, string note)
    {
        var panel = await visitor.ShownAsync("api-latency");
        await panel.Chart().PressAsync("Home");
        await Expect(panel.Locator(".chart-tip-note")).ToHaveTextAsync(note);
    }

    static double PercentileOf(decimal[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var rank = share * (sorted.Length - 1);
        var (low, high) = (sorted[(int)rank], sorted[(int)Math.Ceiling(rank)]);
        return (double)low + ((rank - Math.Floor(rank)) * (double)(high - low));
    }

    /// <summary>From a few to some thousand milliseconds, in no order.</summary>
    static decimal[] Latencies(int count) =>
        [.. Enumerable.Range(0, count).Select(at => decimal.Round((decimal)Math.Exp(1 + (7.0 * ((at * 7919) % count) / count)), 3))];

    static Sent Some(int at, string endpoint, decimal latency, short status) =>
        new(Tests.Some.Day.AddSeconds(5 * at), endpoint, latency, status);

    static ILocator Link(Visitor visitor, string endpoint) =>
        visitor.Panel("api-endpoints").GetByRole(AriaRole.Link, new() { Name = endpoint, Exact = true });
}
