using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Requests;

public sealed class CustomersTests(AnalyticsApi api)
{
    const string Day = "from=2026-03-11&to=2026-03-12";
    static readonly string[] Members =
    [
        "customerId", "count", "totalBytes", "requestBytes", "errorRate", "avgLatency", "sharePercent", "cumulativeSharePercent", "costCents", "costSharePercent",
    ];

    [Fact]
    public async Task Customers_are_told_with_their_shares_and_costs_the_biggest_first()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync([.. Of("ann", 3, status: 500), .. Of("ann", 3), .. Of("bob", 3, latency: 1), .. Of(null, 1)]);
        await workspace.IngestAsync(
            Some.Event(at: Some.Day, customer: "ann", cost: 1.125m), Some.Event(at: Some.Day.AddHours(3), customer: "ann", cost: 0.000000000001m),
            Some.Event("service.up", Some.Day, customer: null, cost: 1), Some.Event(at: Some.Day, customer: "cy", cost: 1.874999999999m),
            Some.Event(at: Some.Day.AddDays(1), customer: "ann", cost: 100));

        string[] expected =
        [
            "ann 6 600 60 50 10 60 60 1.125000000001 28.13",
            "bob 3 300 30 0 1 30 90 0 0",
            "anonymous 1 100 10 0 10 10 100 1 25",
        ];
        Assert.Equal(expected, await workspace.RowsAsync($"/api/requests/customers?{Day}", Members));
        await (await Upkeep.OfAsync(workspace)).CompactAsync();
        Assert.Equal(expected, await workspace.RowsAsync($"/api/requests/customers?{Day}", Members));
        Assert.Equal(
            [expected[2], expected[1], expected[0]], await workspace.RowsAsync($"/api/requests/customers?{Day}&sort=count", Members));
        Assert.Equal(
            ["ann", "anonymous", "bob"], await workspace.RowsAsync($"/api/requests/customers?{Day}&sort=-costCents", "customerId"));
        Assert.Empty(await workspace.RowsAsync("/api/requests/customers", Members));
    }

    [Fact]
    public async Task Whoever_has_two_names_is_one_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(Of("acme", 2));
        var id = await workspace.NewCustomerAsync("acme");
        var portal = await workspace.BoundToAsync(id);
        await portal.TellAsync(Of(null, 3));
        var nameless = await workspace.NewCustomerAsync();
        await (await workspace.BoundToAsync(nameless)).TellAsync(Of(null, 1));
        await workspace.IngestAsync(Some.Event(at: Some.Day, customerId: id, cost: 2), Some.Event(at: Some.Day, customer: "acme", cost: 3));

        Assert.Equal(["acme 5 5", $"{nameless} 1 0"], await workspace.RowsAsync($"/api/requests/customers?{Day}", "customerId", "count", "costCents"));
        Assert.Equal(["acme 5 100 100 5 100"], await portal.RowsAsync(
            $"/api/requests/customers?{Day}", "customerId", "count", "sharePercent", "cumulativeSharePercent", "costCents", "costSharePercent"));
    }

    [Fact]
    public async Task Pages_of_every_order_hold_everybody_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        var random = new Random(11);
        // Many of them equal.
        await workspace.TellAsync(Enumerable.Range(0, 40).SelectMany(number => Of($"c-{number}", 1 + (number % 4), number % 3 == 0 ? 500 : 200, number % 5)));
        await workspace.IngestAsync(Enumerable.Range(0, 40).Select(number => Some.Event(at: Some.Day, customer: $"c-{number}", cost: random.Next(3))));
        var everybody = (await workspace.GetAsync($"/api/requests/customers?{Day}&limit=1000")).GetProperty("data").EnumerateArray()
            .ToDictionary(row => row.GetProperty("customerId").GetString()!, row => row.GetRawText());

        foreach (var sort in Members.SelectMany(member => (string[])[member, "-" + member]))
        {
            var (pages, cursor) = (new List<System.Text.Json.JsonElement>(), "");
            do
            {
                var page = await workspace.GetAsync($"/api/requests/customers?{Day}&limit=7&sort={sort}{cursor}");
                pages.AddRange(page.GetProperty("data").EnumerateArray());
                cursor = page.GetProperty("meta").GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : null;
            }
            while (cursor is not null);

            var field = sort.TrimStart('-');
            var (sign, names) = (sort == field ? 1 : -1, pages.ConvertAll(row => row.GetProperty("customerId").GetString()!));
            Assert.Equal(40, names.Distinct().Count());
            Assert.All(pages, row => Assert.Equal(everybody[row.GetProperty("customerId").GetString()!], row.GetRawText()));
            var expected = field == "customerId"
                ? (sign > 0 ? names.Order(StringComparer.Ordinal) : names.OrderDescending(StringComparer.Ordinal))
                : pages.OrderBy(row => sign * row.GetProperty(field).GetDecimal())
                    .ThenBy(row => row.GetProperty("customerId").GetString(), StringComparer.Ordinal).Select(row => row.GetProperty("customerId").GetString()!);
            Assert.Equal(expected, names);
        }
    }

    [Fact]
    public async Task Two_that_are_shown_by_one_name_are_both_on_some_page()
    {
        var workspace = await api.NewWorkspaceAsync();
        var nameless = await workspace.NewCustomerAsync();
        await workspace.SendAsync(new Sent(Some.Day, Portal: nameless), new Sent(Some.Day, Customer: $"{nameless}"));

        foreach (var sort in (string[])["-count", "customerId"])
        {
            var first = await workspace.GetAsync($"/api/requests/customers?{Day}&sort={sort}&limit=1");
            var cursor = first.GetProperty("meta").GetProperty("nextCursor").GetString();
            var second = await workspace.GetAsync($"/api/requests/customers?{Day}&sort={sort}&limit=1&cursor={cursor}");

            Assert.All([first, second], page => Assert.Equal(
                $"{nameless} 1", $"{page.GetProperty("data")[0].GetProperty("customerId")} {page.GetProperty("data")[0].GetProperty("count")}"));
            Assert.Null(second.GetProperty("meta").GetProperty("nextCursor").GetString());
        }
    }

    [Fact]
    public async Task A_ragged_range_counts_to_the_microsecond()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(Enumerable.Range(0, 90).Select(number => Told.Request(Some.Day.AddMinutes(number).AddMicroseconds(number), customer: "ann")));

        Assert.Equal(["ann 74"], await workspace.RowsAsync(
            "/api/requests/customers?from=2026-03-11T00:07:00.000007Z&to=2026-03-11T01:21:00.0000819Z", "customerId", "count"));
    }

    [Fact]
    public async Task Customers_come_as_csv_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(Of("=ann", 2));

        using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/requests/customers?{Day}&format=csv");

        Assert.Equal($"{string.Join(',', Members)}\r\n'=ann,2,200,20,0,10,100,100,0,0\r\n", await answer.Content.ReadAsStringAsync());
    }

    static IEnumerable<JsonObject> Of(string? customer, int count, int status = 200, double latency = 10) =>
        Enumerable.Range(0, count).Select(number => Told.Request(Some.Day.AddHours(number), latency: latency, status: status, customer: customer));
}
