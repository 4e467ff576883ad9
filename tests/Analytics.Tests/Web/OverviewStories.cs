using System.Text.Json.Nodes;
using Analytics.Tests.Features.Metrics;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class OverviewStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    /// <summary>The days of <see cref="Dashboard.Days"/>.</summary>
    const string Range = "from=2026-03-09&to=2026-03-13";

    // Shapes and words, each with where it is.
    const string Drawn = """
        chart => [...chart.querySelectorAll('path, text')]
          .map((mark) => [mark.getAttribute('class'), mark.getAttribute('d'), mark.getAttribute('x'), mark.textContent].join(' '))
          .join('\n')
        """;

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    [Fact]
    public async Task The_numbers_at_a_glance_are_the_APIs_and_those_that_were_sent()
    {
        var workspace = await Api.NewWorkspaceAsync();
        (long Price, long Paid)[] shares = [(123_456_789, 123_456_789), (500, 0), (0, 0)];
        (string Customer, decimal Cents)[] costs = [("acme", 0.000315m), ("globex", 0.512m), ("hooli", 0)];
        const long Refunded = 200;
        await workspace.IngestAsync(
            [
                .. shares.Select((share, at) => Share($"s{at}", Morning, share.Price)),
                .. shares.Select((share, at) => (share, at)).Where(sold => sold.share.Paid > 0)
                    .Select(sold => Payment($"s{sold.at}", Morning, sold.share.Paid)),
                .. costs.Select(cost => Cost(Morning, cost.Cents, customer: cost.Customer)),
                Refund("s0", Morning.AddDays(1), Refunded), Download("s1", Morning), Download("s1", Morning.AddDays(2)),
                // Outside the range.
                Cost(Morning.AddDays(-9), 77), Share("old", Morning.AddDays(9), 1),
            ]);
        var visitor = await SignedInAsync(workspace);

        await visitor.GoAsync($"{workspace.Slug}/overview?{Range}");

        var (spent, revenue) = (costs.Sum(cost => cost.Cents), shares.Sum(share => share.Paid) - Refunded);
        var sold = (double)shares.Count(share => share.Paid > 0) / shares.Count(share => share.Price > 0);
        await TilesAsync(
            visitor, await workspace.GetAsync(Dashboard.Days),
            ("file_share_revenue", revenue, "$1.23M", "$1,234,565.89"),
            ("costs", spent, "$0.00512", "$0.00512315"),
            ("cashflow", revenue - spent, "$1.23M", "$1,234,565.88487685"),
            ("active_users", costs.Select(cost => cost.Customer).Distinct().Count(), "3", "3"),
            ("file_share_downloads", 2, "2", "2"),
            ("file_share_payment_conversion", (decimal)sold, "50.0 %", "50 %"));
    }

    [Fact]
    public async Task Where_money_has_no_cents_none_are_shown()
    {
        var workspace = await Api.NewWorkspaceAsync(currency: "jpy");
        await workspace.IngestAsync(
            Share("s", Morning, 1_500), Payment("s", Morning, 1_500), Some.Event("task.done", Morning, metadata: Yen("0.0125")));
        var visitor = await SignedInAsync(workspace);

        await visitor.GoAsync($"{workspace.Slug}/overview?{Range}");

        await TilesAsync(
            visitor, await workspace.GetAsync(Dashboard.Days),
            ("file_share_revenue", 1_500, "¥1,500", "¥1,500"),
            ("costs", 0.0125m, "¥0.0125", "¥0.0125"),
            ("cashflow", 1_499.9875m, "¥1,500", "¥1,499.9875"));
    }

    [Fact]
    public async Task A_link_shows_everybody_the_same_picture_and_back_undoes_a_filter()
    {
        var workspace = await Api.NewWorkspaceAsync("Europe/Paris");
        await workspace.IngestAsync(Enumerable.Range(-5, 10).SelectMany(day => new[]
        {
            Cost(Morning.AddDays(day), 100 + (7 * day * day)), Cost(Morning.AddDays(day), 5 * (day + 6), customer: "globex"),
        }));
        var reader = await SignedInAsync(workspace);
        await reader.GoAsync($"{workspace.Slug}/metrics/costs?{Range}&interval=day");
        var all = await SeenAsync(reader, "$7.20");

        await reader.Page.GetByLabel("Compare", new() { Exact = true }).SelectOptionAsync("previous");
        await Expect(reader.Panel("metrics-one").Locator(".mark-before")).ToHaveCountAsync(1);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        await reader.Page.GetByLabel("Value").FillAsync("globex");
        await reader.Page.GetByLabel("Value").PressAsync("Enter");
        var filtered = await SeenAsync(reader, "$1.50");
        var link = reader.Page.Url;
        Assert.EndsWith($"/metrics/costs?{Range}&interval=day&compare=previous&customer=globex", link);

        var others = await workspace.WithScopesAsync(Analytics.Tenancy.Scopes.MetricsRead);
        var other = await SignedInAsync(others, new() { Zone = "Asia/Tokyo", Locale = "de-DE", IsDark = true });
        await other.Page.GotoAsync(link);
        Assert.Equal(filtered, await SeenAsync(other, "$1.50"));

        await reader.Page.GoBackAsync();
        await Expect(reader.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Customer globex" })).ToHaveCountAsync(0);
        await SeenAsync(reader, "$7.20");
        await reader.Page.GoBackAsync();
        await Expect(reader.Panel("metrics-one").Locator(".mark-before")).ToHaveCountAsync(0);
        Assert.Equal(all, await SeenAsync(reader, "$7.20"));
    }

    [Fact]
    public async Task The_last_24_hours_of_what_is_counted_by_days_are_two_days_and_are_said_to_be()
    {
        var noon = Noon.Now();
        var workspace = await Api.NewWorkspaceAsync(noon.Zone);
        decimal[] costs = [3, 5, 7, 9, 11];
        await workspace.IngestAsync(costs.Select((cents, daysAgo) => Cost(noon.Morning(daysAgo), cents)));
        await workspace.SendAsync(costs.Select((_, daysAgo) => new Sent(noon.Morning(daysAgo))));
        var visitor = await SignedInAsync(workspace);

        await visitor.GoAsync($"{workspace.Slug}/overview?period=24h");

        await Expect(visitor.Page.GetByText($"Whole days: {noon.Date(1)} – {noon.Date()}")).ToBeVisibleAsync();
        await Expect((await visitor.ShownAsync("overview-tiles")).Tile("costs").Locator(".tile-value")).ToHaveTextAsync("$0.08");
        // Of no shares there is no quotient; the two days before cost 16 cents.
        await Expect(visitor.Panel("overview-tiles").Tile("file_share_payment_conversion").Locator(".tile-value")).ToHaveTextAsync("-");
        await Expect((await visitor.ShownAsync("overview-movers")).Locator(".change")).ToContainTextAsync("-50.0 %");
        var hours = await (await visitor.ShownAsync("overview-requests")).RowsAsync();
        Assert.Equal(2, hours.Count(HasOne));

        // Requests themselves are counted by the minute.
        await visitor.GoAsync($"{workspace.Slug}/api?period=24h");
        Assert.Equal(1, (await (await visitor.ShownAsync("api-requests")).RowsAsync()).Count(HasOne));
        await Expect(visitor.Page.GetByText("Whole days")).ToHaveCountAsync(0);

        static bool HasOne(string row) => row.EndsWith(" | 1 | 0", StringComparison.Ordinal);
    }

    /// <summary>Each tile against the API, a recount, and what stands on it in short and in full.</summary>
    static async Task TilesAsync(
        Visitor visitor, System.Text.Json.JsonElement answer, params (string Slug, decimal Sent, string Brief, string Exact)[] expected)
    {
        var panel = await visitor.ShownAsync("overview-tiles");
        foreach (var (slug, sent, brief, exact) in expected)
        {
            var value = panel.Tile(slug).Locator(".tile-value");
            await Expect(value).ToHaveTextAsync(brief);
            await Expect(value).ToHaveAttributeAsync("title", exact);
            await Expect(panel.Tile(slug)).ToHaveAttributeAsync("data-value", Dashboard.Total(answer, slug));
            Assert.Equal(sent, answer.GetProperty("totals").GetProperty(slug).GetDecimal());
        }
    }

    /// <summary>What is drawn and written once the total is so much: paths, words, and where they are.</summary>
    static async Task<string> SeenAsync(Visitor visitor, string total)
    {
        var panel = await visitor.ShownAsync("metrics-one");
        await Expect(panel.Tile("costs").Locator(".tile-value")).ToHaveTextAsync(total);
        await Expect(panel.Locator("dl.definition")).ToBeVisibleAsync();
        return $"{await panel.InnerTextAsync()} {await panel.Chart().EvaluateAsync<string>(Drawn)}";
    }

    static JsonObject Yen(string amount) => new() { ["_cost"] = new JsonObject { ["amount"] = amount, ["currency"] = "jpy" } };
}
