using System.Text.Json;

namespace Analytics.Tests.Features.Requests;

/// <summary>The list of endpoints.</summary>
public sealed class EndpointsTests(AnalyticsApi api)
{
    const string Route = "/api/requests/endpoints";
    const string OfDay = $"{Route}?from=2026-03-11&to=2026-03-12";
    static readonly DateTimeOffset Day = Some.Day;
    static readonly string[] Numbers =
        ["count", "errorRate", "clientErrorRate", "serverErrorRate", "avgLatency", "p50", "p90", "p95", "p99", "bytes", "requestBytes", "customers"];

    [Fact]
    public async Task Every_endpoint_is_told_in_full_the_busiest_first()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(
            new Sent(Day, "GET:/a", 10, 200, "acme", 100, 1), new Sent(Day.AddHours(1), "GET:/a", 20, 404, "acme", 50, 2),
            new Sent(Day.AddHours(2), "GET:/a", 60, 500, "globex", 1, 3), new Sent(Day.AddHours(3), "GET:/a", 0, 200, null, 0, 4),
            new Sent(Day, "GET:/b", 1, 100, null, 0), new Sent(Day.AddDays(1), "GET:/late"));

        Assert.Equal(
            """
            {"data":[{"endpoint":"GET:/a","count":4,"errorRate":50,"clientErrorRate":25,"serverErrorRate":25,"avgLatency":22.5,"p50":15,"p90":48,"p95":54,"p99":58.8,
            "bytes":151,"requestBytes":10,"customers":2},
            {"endpoint":"GET:/b","count":1,"errorRate":0,"clientErrorRate":0,"serverErrorRate":0,"avgLatency":0,"p50":0,"p90":0,"p95":0,"p99":0,
            "bytes":0,"requestBytes":0,"customers":0}],"meta":{"nextCursor":null}}
            """.ReplaceLineEndings(""),
            (await workspace.GetAsync(OfDay)).GetRawText());
    }

    [Fact]
    public async Task Every_field_sorts_either_way_and_pages_follow_each_other()
    {
        var workspace = await api.NewWorkspaceAsync();
        var random = new Random(12);
        await workspace.SendAsync(Enumerable.Range(0, 400).Select(_ => new Sent(
            Day.AddSeconds(random.Next(86_400)), $"GET:/{random.Next(23)}", random.Next(5), (short)(200 + (100 * random.Next(4))), $"customer-{random.Next(4)}",
            random.Next(3), random.Next(3))));
        var all = (await workspace.GetAsync(OfDay)).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(23, all.Count);

        foreach (var field in (string[])["endpoint", .. Numbers])
            foreach (var sign in (string[])["", "-"])
            {
                var byField = (Func<JsonElement, decimal>)(row => field == "endpoint" ? 0 : row.GetProperty(field).GetDecimal());
                var expected = (sign.Length == 0 ? all.OrderBy(byField) : all.OrderByDescending(byField)).ThenBy(Name, StringComparer.Ordinal).Select(Name);
                if (field == "endpoint" && sign.Length > 0)
                    expected = expected.Reverse();
                Assert.Equal(expected, (await PagesAsync(workspace, $"{OfDay}&sort={sign}{field}&limit=5")).Select(Name));
            }
    }

    [Fact]
    public async Task A_page_says_the_same_of_an_endpoint_as_the_whole_list()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(Enumerable.Range(0, 300).Select(number => new Sent(
            Day.AddMinutes(number), $"GET:/{number % 7}", number, (short)(number % 5 == 0 ? 500 : 200), $"customer-{number % 11}", number)));

        var all = (await workspace.GetAsync(OfDay)).GetProperty("data").EnumerateArray().ToDictionary(Name, row => row.GetRawText());
        foreach (var sort in (string[])["-p95", "customers", "endpoint"])
            Assert.All(await PagesAsync(workspace, $"{OfDay}&limit=2&sort={sort}"), row => Assert.Equal(all[Name(row)], row.GetRawText()));
    }

    [Fact]
    public async Task Whoever_has_two_ids_is_one_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme");
        await workspace.SendAsync(new Sent(Day), new Sent(Day, Portal: acme), new Sent(Day, Customer: "globex"), new Sent(Day, Customer: null));

        Assert.Equal(["GET:/orders/:id 4 2"], (await workspace.GetAsync(OfDay)).GetProperty("data").Each("endpoint", "count", "customers"));
    }

    [Theory, InlineData("ORDERS", "a,b"), InlineData("%25", "d"), InlineData("_", "c"), InlineData("\\", ""), InlineData("get:", "a,c,d"), InlineData("x&q=post", "b"), InlineData("", "a,b,c,d")]
    public async Task Text_is_looked_for_as_it_stands(string text, string expected)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day, "GET:/orders/a"), new Sent(Day, "POST:/Orders/b"), new Sent(Day, "GET:/_/c"), new Sent(Day, "GET:/50%/d"));

        var found = (await workspace.GetAsync($"{OfDay}&sort=endpoint&q={text}")).GetProperty("data").EnumerateArray().Select(row => Name(row)[^1..]);

        Assert.Equal(expected, string.Join(',', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_endpoints()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.SendAsync(
            new Sent(Day, "GET:/a", 5), new Sent(Day, "GET:/a", 900, 500, "globex"), new Sent(Day, "GET:/b", Customer: "globex"), new Sent(Day, "GET:/b", Customer: null),
            new Sent(Day, "GET:/c", 7), new Sent(Day, "GET:/c", 8, 404));

        var rows = (await portal.GetAsync(OfDay)).GetProperty("data");

        Assert.Equal(["GET:/c 2 50 7.5 200 1", "GET:/a 1 0 5 100 1"], rows.Each("endpoint", "count", "errorRate", "p50", "bytes", "customers"));
        Assert.Equal(["GET:/a 5", "GET:/c 8"], (await portal.GetAsync($"{OfDay}&sort=p99")).GetProperty("data").Each("endpoint", "avgLatency").Select(row => row.Replace("7.5", "8")));
    }

    [Fact]
    public async Task Ranges_are_cut_to_the_microsecond()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (from, to) = (Day.AddSeconds(7.5), Day.AddHours(30).AddSeconds(1));
        await workspace.SendAsync(
            new Sent(from.AddTicks(-10), "GET:/a", 1), new Sent(from, "GET:/a", 2), new Sent(from.AddHours(10), "GET:/b", 3), new Sent(to.AddTicks(-10), "GET:/a", 4, Customer: "globex"),
            new Sent(to, "GET:/c"));

        var rows = (await workspace.GetAsync($"{Route}?from=2026-03-11T00:00:07.5Z&to=2026-03-12T06:00:01Z")).GetProperty("data");

        Assert.Equal(["GET:/a 2 3 2", "GET:/b 1 3 1"], rows.Each("endpoint", "count", "p50", "customers"));
    }

    [Fact]
    public async Task What_is_wrong_is_told()
    {
        var workspace = await api.NewWorkspaceAsync();

        Assert.Equal(["limit"], await workspace.RefusedAsync($"{Route}?limit=0"));
        Assert.Equal(["sort"], await workspace.RefusedAsync($"{Route}?sort=-avg"));
        Assert.Equal(["cursor"], await workspace.RefusedAsync($"{Route}?cursor=abc"));
        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?from=2020-01-01&to=2023-01-06"));
        Assert.Empty((await workspace.GetAsync(Route)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Rows_come_as_csv()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day, "GET:/a,b", 2.5m));

        Assert.Equal(
            [$"endpoint,{string.Join(',', Numbers)}", "\"GET:/a,b\",1,0,0,0,2.5,2.5,2.5,2.5,2.5,100,0,1"], await workspace.LinesAsync($"{OfDay}&format=csv"));
    }

    static string Name(JsonElement row) => row.GetProperty("endpoint").GetString()!;

    static async Task<List<JsonElement>> PagesAsync(ApiClient client, string path)
    {
        var rows = new List<JsonElement>();
        for (string? cursor = null, last = ""; last is not null; last = cursor)
        {
            var page = await client.GetAsync(path + (cursor is null ? "" : $"&cursor={cursor}"));
            rows.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("meta").GetProperty("nextCursor").GetString();
        }

        return rows;
    }
}
