namespace Analytics.Tests.Features.Requests;

/// <summary>How long requests took.</summary>
public sealed class LatencyTests(AnalyticsApi api)
{
    const string Route = "/api/requests/latency";
    const string OfDay = $"{Route}?date=2026-03-11";
    static readonly DateTimeOffset Day = Some.Day;

    [Fact]
    public async Task Percentiles_of_a_hundred_requests_lie_between_their_ranks()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(Enumerable.Range(1, 100).Select(ms => new Sent(Day.AddMinutes(ms), Latency: ms)));

        Assert.Equal(
            """{"p50":50.5,"p90":90.1,"p95":95.05,"p99":99.01,"count":100,"min":1,"max":100,"avg":50.5,"statusCodes":{"200":100}}""",
            (await workspace.GetAsync(OfDay)).GetRawText());
    }

    [Fact]
    public async Task Beyond_a_hundred_they_are_within_a_percent_and_the_ends_are_exact()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(Enumerable.Range(1, 3_000).Select(number => new Sent(Day.AddSeconds(number), Latency: number * 1.001m)));

        var answer = await workspace.GetAsync(OfDay);

        foreach (var (name, exact) in new[] { ("p50", 1_501.9995m), ("p90", 2_702.8m), ("p95", 2_852.9m), ("p99", 2_973m) })
            Assert.InRange(answer.GetProperty(name).GetDecimal(), exact * 0.99m, exact * 1.01m);
        Assert.Equal((1.001m, 3_003m), (answer.GetProperty("min").GetDecimal(), answer.GetProperty("max").GetDecimal()));
    }

    [Fact]
    public async Task One_request_is_every_percentile_and_one_of_no_time_is_one_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day, Latency: 3_200), new Sent(Day, "GET:/quick", 0, 204), new Sent(Day, "GET:/quick", 4, 204), new Sent(Day, "GET:/fine", 0.001m));

        Assert.Equal(
            """{"p50":3200,"p90":3200,"p95":3200,"p99":3200,"count":1,"min":3200,"max":3200,"avg":3200,"statusCodes":{"200":1}}""",
            (await workspace.GetAsync($"{OfDay}&endpoint=GET:/orders/:id")).GetRawText());
        Assert.Equal(
            """{"p50":2,"p90":3.6,"p95":3.8,"p99":3.96,"count":2,"min":0,"max":4,"avg":2,"statusCodes":{"204":2}}""",
            (await workspace.GetAsync($"{OfDay}&endpoint=GET:/quick")).GetRawText());
        Assert.Equal(
            """{"p50":0.001,"p90":0.001,"p95":0.001,"p99":0.001,"count":1,"min":0.001,"max":0.001,"avg":0,"statusCodes":{"200":1}}""",
            (await workspace.GetAsync($"{OfDay}&endpoint=GET:/fine")).GetRawText());
    }

    [Fact]
    public async Task Statuses_are_told_by_code_and_endpoints_are_any_of_those_that_are_named()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(
            new Sent(Day, "GET:/a", 1), new Sent(Day, "GET:/a", 2, 404), new Sent(Day, "GET:/b", 3, 503), new Sent(Day, "GET:/b", 3, 100), new Sent(Day, "GET:/c", 9));

        Assert.Equal("""{"200":1,"404":1,"503":1}""", (await workspace.GetAsync($"{OfDay}&endpoint=GET:/a&endpoint=GET:/b&endpoint=GET:/none")).GetProperty("statusCodes").GetRawText());
        Assert.Equal("""{"200":2,"404":1,"503":1}""", (await workspace.GetAsync($"{OfDay}&endpoint=")).GetProperty("statusCodes").GetRawText());
    }

    [Theory, InlineData("&endpoint=GET:/none"), InlineData("&endpoint=get:/orders/:id"), InlineData("&timezone=Pacific/Kiritimati&endpoint=GET:/orders/:id")]
    public async Task Where_there_is_nothing_all_is_zero(string question)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day.AddHours(20)));

        Assert.Equal(
            """{"p50":0,"p90":0,"p95":0,"p99":0,"count":0,"min":0,"max":0,"avg":0,"statusCodes":{}}""",
            (await workspace.GetAsync(OfDay + question)).GetRawText());
    }

    [Theory, InlineData(""), InlineData("&endpoint=GET:/a")]
    public async Task Instants_count_to_the_microsecond(string question)
    {
        var workspace = await api.NewWorkspaceAsync();
        var (from, to) = (Day.AddHours(12).AddSeconds(453.5), Day.AddHours(14).AddSeconds(7.000001));
        await workspace.SendAsync(
            new Sent(from.AddTicks(-10), "GET:/a", 1), new Sent(from, "GET:/a", 2), new Sent(from.AddMinutes(1), "GET:/a", 3), new Sent(from.AddHours(1), "GET:/a", 4),
            new Sent(to.AddTicks(-10), "GET:/a", 5), new Sent(to, "GET:/a", 6));

        var answer = await workspace.GetAsync($"{Route}?from=2026-03-11T12:07:33.5Z&to=2026-03-11T15:00:07.000001%2B01:00{question}");

        Assert.Equal(["4 2 5 3.5"], new[] { answer }.Select(told => $"{told.GetProperty("count")} {told.GetProperty("min")} {told.GetProperty("max")} {told.GetProperty("avg")}"));
    }

    [Fact]
    public async Task Without_a_time_it_is_the_last_day()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await workspace.SendAsync(new Sent(now.AddMinutes(-1)), new Sent(now.AddHours(-23.9)), new Sent(now.AddHours(-24)));

        Assert.Equal(2, (await workspace.GetAsync(Route)).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.SendAsync(new Sent(Day, Latency: 7), new Sent(Day, Latency: 9_000, Status: 500, Customer: "globex"), new Sent(Day, "GET:/b", Customer: null));

        foreach (var question in (string[])["", "&endpoint=GET:/orders/:id"])
            Assert.Equal(
                """{"p50":7,"p90":7,"p95":7,"p99":7,"count":1,"min":7,"max":7,"avg":7,"statusCodes":{"200":1}}""",
                (await portal.GetAsync(OfDay + question)).GetRawText());
        Assert.Equal(0, (await portal.GetAsync($"{OfDay}&endpoint=GET:/b")).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task A_date_and_a_range_are_not_asked_together()
    {
        var workspace = await api.NewWorkspaceAsync();

        Assert.Equal(["date"], await workspace.RefusedAsync($"{OfDay}&from=2026-03-01"));
        Assert.Equal(["date"], await workspace.RefusedAsync($"{OfDay}&to=2026-03-01"));
        Assert.Equal(["from", "to"], await workspace.RefusedAsync($"{Route}?from=2026-03-11T00:00:00&to=x"));
        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?from=2020-01-01&to=2023-01-06"));
        await workspace.GetAsync($"{Route}?from=2020-01-01&to=2023-01-05");
    }

    [Fact]
    public async Task As_csv_it_is_one_row()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day, Latency: 7), new Sent(Day, Latency: 8, Status: 404));

        Assert.Equal(
            ["p50,p90,p95,p99,count,min,max,avg,statusCodes.200,statusCodes.404", "7.5,7.9,7.95,7.99,2,7,8,7.5,1,1"],
            await workspace.LinesAsync($"{OfDay}&format=csv"));
    }
}
