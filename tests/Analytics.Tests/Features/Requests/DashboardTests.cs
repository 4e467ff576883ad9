using System.Text.Json;

namespace Analytics.Tests.Features.Requests;

/// <summary>A day of API requests.</summary>
[Collection<Timed>]
public sealed class DashboardTests(TimedApi timed)
{
    const string Route = "/api/requests/dashboard";
    const string OfDay = $"{Route}?date=2026-03-10";
    static readonly DateTimeOffset Day = Some.Day.AddDays(-1);

    [Fact]
    public async Task A_day_is_told_with_its_endpoints_and_customers()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.SendAsync(
            new Sent(Day, "GET:/a", 10, 200, "acme", 1_000), new Sent(Day.AddHours(1), "GET:/a", 20, 301, "acme", 24),
            new Sent(Day.AddHours(2), "GET:/a", 30.001m, 404, "globex", 0), new Sent(Day.AddHours(23.99), "POST:/b", 3_200, 503, null, 7),
            new Sent(Day.AddHours(3), "POST:/b", 0, 101, "globex", 1), new Sent(Day.AddTicks(-10), "GET:/before"), new Sent(Day.AddDays(1), "GET:/after"));

        Assert.Equal(
            """
            {"totalRequests":5,"errorRate":40,"clientErrorRate":20,"serverErrorRate":20,"avgLatency":815,
            "latency":{"p50":25.0005,"p90":2249.0003,"p95":2724.50015,"p99":3104.90003},
            "statusBreakdown":{"2xx":1,"3xx":1,"4xx":1,"5xx":1},
            "topEndpoints":[{"endpoint":"GET:/a","count":3,"avgLatency":20,"errorRate":33.33,"p99":29.80098},{"endpoint":"POST:/b","count":2,"avgLatency":3200,"errorRate":50,"p99":3200}],
            "topCustomers":[{"customerId":"acme","count":2,"totalBytes":1024,"sharePercent":40},{"customerId":"globex","count":2,"totalBytes":0,"sharePercent":40},
            {"customerId":"anonymous","count":1,"totalBytes":7,"sharePercent":20}],
            "realtimeRPS":0}
            """.ReplaceLineEndings(""),
            (await workspace.GetAsync(OfDay)).GetRawText());
    }

    [Fact]
    public async Task Nothing_is_told_as_zeros()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        Assert.Equal(
            """
            {"totalRequests":0,"errorRate":0,"clientErrorRate":0,"serverErrorRate":0,"avgLatency":0,"latency":{"p50":0,"p90":0,"p95":0,"p99":0},
            "statusBreakdown":{"2xx":0,"3xx":0,"4xx":0,"5xx":0},"topEndpoints":[],"topCustomers":[],"realtimeRPS":0}
            """.ReplaceLineEndings(""),
            (await workspace.GetAsync(Route)).GetRawText());
        Assert.Equal(0, (await workspace.GetAsync($"{Route}?date=2011-12-30&timezone=Pacific/Apia")).GetProperty("totalRequests").GetInt64());
    }

    [Fact]
    public async Task Of_sixty_endpoints_the_busiest_is_first_though_it_came_last()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.SendAsync(
            from number in Enumerable.Range(0, 60)
            from time in Enumerable.Range(0, number == 59 ? 5 : 2 - (number % 2))
            select new Sent(Day.AddMinutes(number), $"GET:/{number:00}", Customer: $"customer-{number:00}"));

        var answer = await workspace.GetAsync(OfDay);

        Assert.Equal(
            ["59 5", "00 2", "02 2", "04 2", "06 2", "08 2", "10 2", "12 2", "14 2", "16 2"],
            answer.GetProperty("topEndpoints").Each("endpoint", "count").Select(row => row["GET:/".Length..]));
        Assert.Equal(
            ["59 5", "00 2", "02 2", "04 2", "06 2", "08 2", "10 2", "12 2", "14 2", "16 2"],
            answer.GetProperty("topCustomers").Each("customerId", "count").Select(row => row["customer-".Length..]));
    }

    [Fact]
    public async Task Whoever_has_two_ids_is_one_customer_and_is_called_by_the_products()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme");
        var nameless = await workspace.NewCustomerAsync();
        await workspace.SendAsync(new Sent(Day), new Sent(Day, Customer: "globex"), new Sent(Day, Portal: nameless), new Sent(Day, Portal: acme));

        var top = (await workspace.GetAsync(OfDay)).GetProperty("topCustomers");

        Assert.Equal(((string[])["acme 2 50", $"{nameless} 1 25", "globex 1 25"]).Order(), top.Each("customerId", "count", "sharePercent").Order());
        Assert.Equal("acme", top[0].GetProperty("customerId").GetString());
    }

    [Fact]
    public async Task Realtime_is_the_last_sixty_seconds_whatever_the_date()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        var portal = await workspace.BoundToAsync(customer);
        var now = timed.Now;
        await workspace.SendAsync(
            new Sent(now.AddSeconds(-60.000001)), new Sent(now.AddSeconds(-60)), new Sent(now.AddSeconds(-1)), new Sent(now.AddSeconds(-2), Customer: "globex"),
            new Sent(now.AddTicks(-10), Customer: null), new Sent(now), new Sent(now.AddSeconds(30)));

        Assert.Equal("0.07", Rps(await workspace.GetAsync(Route)));
        Assert.Equal("0.07", Rps(await workspace.GetAsync(OfDay)));
        Assert.Equal("0.03", Rps(await portal.GetAsync(Route)));
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_day()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.SendAsync(
            new Sent(Day, "GET:/a", 40), new Sent(Day, "GET:/a", 50), new Sent(Day, "GET:/a", 60_000, 500, "globex"), new Sent(Day, "GET:/b", Customer: "globex"));

        var answer = await portal.GetAsync(OfDay);

        Assert.Equal((2, "0", "45"), (answer.GetProperty("totalRequests").GetInt64(), $"{answer.GetProperty("errorRate")}", $"{answer.GetProperty("avgLatency")}"));
        Assert.Equal(["GET:/a 2 45 0 49.9"], answer.GetProperty("topEndpoints").Each("endpoint", "count", "avgLatency", "errorRate", "p99"));
        Assert.Equal(["acme 2 200 100"], answer.GetProperty("topCustomers").Each("customerId", "count", "totalBytes", "sharePercent"));
    }

    [Fact]
    public async Task Today_is_the_zones()
    {
        var workspace = await timed.Api.NewWorkspaceAsync("Asia/Kathmandu");
        // Midnight there is 18:15 of the day before.
        var today = timed.Now.ToOffset(TimeSpan.FromHours(5.75)).Date;
        var midnight = new DateTimeOffset(today, TimeSpan.FromHours(5.75)).ToUniversalTime();
        await workspace.SendAsync(new Sent(midnight), new Sent(midnight.AddTicks(-10)), new Sent(midnight.AddHours(-6.25)));

        Assert.Equal(1, (await workspace.GetAsync(Route)).GetProperty("totalRequests").GetInt64());
        var before = $"{Route}?date={today.AddDays(-1):yyyy-MM-dd}";
        Assert.Equal(2, (await workspace.GetAsync(before)).GetProperty("totalRequests").GetInt64());
        Assert.Equal(3, (await workspace.GetAsync($"{before}&timezone=UTC")).GetProperty("totalRequests").GetInt64());
    }

    [Fact]
    public async Task Sizes_may_pass_64_bits()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.SendAsync(Enumerable.Range(0, 2_049).Select(second => new Sent(Day.AddSeconds(second), Bytes: 1L << 53)));

        Assert.Equal(
            "18455751272964292608",
            (await workspace.GetAsync(OfDay)).GetProperty("topCustomers")[0].GetProperty("totalBytes").GetRawText());
    }

    [Fact]
    public async Task As_csv_it_is_the_busiest_endpoints()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day, "GET:/a", 12.5m));

        Assert.Equal(["endpoint,count,avgLatency,errorRate,p99", "GET:/a,1,12.5,0,12.5"], await workspace.LinesAsync($"{OfDay}&format=csv"));
    }

    [Fact]
    public async Task All_problems_are_told()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        Assert.Equal(["timezone", "date"], await workspace.RefusedAsync($"{Route}?date=2026-02-30&timezone=Mars/Base"));
    }

    static string Rps(JsonElement answer) => answer.GetProperty("realtimeRPS").GetRawText();
}
