namespace Analytics.Tests.Features.Requests;

/// <summary>Requests by the hours of a week, and of a range by endpoint.</summary>
public sealed class HeatmapTests(AnalyticsApi api)
{
    const string Route = "/api/requests/heatmap";
    const string OfMarch = $"{Route}?from=2026-03-01&to=2026-04-01";
    // A Wednesday.
    static readonly DateTimeOffset Day = Some.Day;

    [Fact]
    public async Task A_week_has_168_hours_and_begins_with_monday()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(
            new Sent(Day.AddHours(9)), new Sent(Day.AddDays(7).AddHours(9.99)), new Sent(Day.AddDays(-2)), new Sent(Day.AddDays(4).AddHours(23)), new Sent(Day.AddDays(30)));

        var cells = (await workspace.GetAsync(OfMarch)).GetProperty("cells");

        Assert.Equal(
            from weekday in Enumerable.Range(1, 7)
            from hour in Enumerable.Range(0, 24)
            select $"{weekday} {hour} {(weekday, hour) switch { (3, 9) => 2, (1, 0) or (7, 23) => 1, _ => 0 }}",
            cells.Each("weekday", "hour", "value"));
        Assert.Equal("""{"weekday":1,"hour":0,"value":1}""", cells[0].GetRawText());
    }

    [Theory, InlineData("count", "4"), InlineData("avgLatency", "25.01"), InlineData("errorRate", "50"), InlineData("p95", "38.5015"), InlineData("p99", "39.7003")]
    public async Task Each_measure_is_that_of_the_hours_together(string measure, string value)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(
            new Sent(Day, Latency: 10), new Sent(Day, Latency: 20.020m, Status: 404), new Sent(Day.AddDays(7), Latency: 30.010m, Status: 500), new Sent(Day.AddDays(14), Latency: 40));

        var cells = (await workspace.GetAsync($"{OfMarch}&measure={measure}")).GetProperty("cells");
        var byEndpoint = (await workspace.GetAsync($"{Route}?from=2026-03-11&to=2026-03-11T01:00:00Z&by=endpoint&measure={measure}")).GetProperty("cells");

        Assert.Equal([value], cells.EnumerateArray().Select(cell => cell.GetProperty("value").GetRawText()).Where(text => text != "0"));
        Assert.Equal(
            measure switch { "count" => "2", "avgLatency" => "15.01", "errorRate" => "50", "p95" => "19.519", _ => "19.9198" },
            Assert.Single(byEndpoint.EnumerateArray()).GetProperty("value").GetRawText());
    }

    [Fact]
    public async Task An_hour_that_comes_twice_is_one_and_one_that_never_came_has_none()
    {
        var workspace = await api.NewWorkspaceAsync("Europe/Paris");
        var (spring, autumn) = (new DateTimeOffset(2026, 3, 28, 23, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 24, 22, 0, 0, TimeSpan.Zero));
        await workspace.SendAsync(Enumerable.Range(0, 23).Select(hour => new Sent(spring.AddHours(hour))));
        await workspace.SendAsync(Enumerable.Range(0, 25).Select(hour => new Sent(autumn.AddHours(hour))));

        async Task<IEnumerable<string>> SundayAsync(string date) => (await workspace.GetAsync($"{Route}?from={date}&to={date}T23:00:00Z")).GetProperty("cells")
            .EnumerateArray().Where(cell => cell.GetProperty("weekday").GetInt32() == 7).Select(cell => cell.GetProperty("value").GetRawText());

        Assert.Equal(Enumerable.Range(0, 24).Select(hour => hour == 2 ? "0" : "1"), await SundayAsync("2026-03-29"));
        Assert.Equal(Enumerable.Range(0, 24).Select(hour => hour == 2 ? "2" : "1"), await SundayAsync("2026-10-25"));
    }

    [Theory, InlineData("Asia/Kathmandu", 3, 5), InlineData("Asia/Kolkata", 3, 5), InlineData("America/New_York", 2, 19)]
    public async Task Hours_are_what_the_zones_clocks_show(string zone, int weekday, int hour)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day.AddMinutes(-10)));

        var cells = (await workspace.GetAsync($"{OfMarch}&timezone={zone}")).GetProperty("cells");

        Assert.Equal([$"{weekday} {hour} 1"], cells.Each("weekday", "hour", "value").Where(cell => !cell.EndsWith(" 0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_twenty_busiest_endpoints_are_told_hour_by_hour()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(
            from endpoint in Enumerable.Range(0, 23)
            from time in Enumerable.Range(0, endpoint == 22 ? 3 : endpoint % 2 + 1)
            select new Sent(Day.AddHours(1).AddMinutes(time), $"GET:/{endpoint:00}"));

        var cells = (await workspace.GetAsync($"{Route}?from=2026-03-11T00:30:00Z&to=2026-03-11T03:00:00Z&by=endpoint")).GetProperty("cells");

        string[] busiest = ["22", "01", "03", "05", "07", "09", "11", "13", "15", "17", "19", "21", "00", "02", "04", "06", "08", "10", "12", "14"];
        Assert.Equal(
            from endpoint in busiest
            from hour in Enumerable.Range(0, 3)
            let count = endpoint == "22" ? 3 : int.Parse(endpoint) % 2 + 1
            select $"GET:/{endpoint} 2026-03-11T0{hour}:00:00Z {(hour == 1 ? count : 0)}",
            cells.Each("endpoint", "timestamp", "value"));
        Assert.Equal("""{"endpoint":"GET:/22","timestamp":"2026-03-11T00:00:00Z","partial":true,"value":0}""", cells[0].GetRawText());
    }

    [Fact]
    public async Task Endpoints_may_be_named()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day, "GET:/a"), new Sent(Day, "GET:/b"), new Sent(Day, "GET:/b"), new Sent(Day, "GET:/c"));

        async Task<long> SumAsync(string question) =>
            (await workspace.GetAsync(OfMarch + question)).GetProperty("cells").EnumerateArray().Sum(cell => cell.GetProperty("value").GetInt64());

        Assert.Equal(4, await SumAsync(""));
        Assert.Equal(3, await SumAsync("&endpoint=GET:/a&endpoint=GET:/b"));
        Assert.Equal(3, await SumAsync("&endpoint=GET:/a&endpoint=GET:/b&by=endpoint"));
        Assert.Equal(0, await SumAsync("&endpoint=GET:/none"));
        Assert.Equal(0, await SumAsync("&endpoint=GET:/none&by=endpoint"));
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.SendAsync(new Sent(Day, "GET:/a"), new Sent(Day, "GET:/a", Customer: "globex"), new Sent(Day, "GET:/b", Customer: "globex"));

        Assert.Equal(1, (await portal.GetAsync(OfMarch)).GetProperty("cells").EnumerateArray().Sum(cell => cell.GetProperty("value").GetInt64()));
        var cells = (await portal.GetAsync($"{OfMarch}&by=endpoint")).GetProperty("cells").EnumerateArray().ToList();
        Assert.Equal(1, cells.Sum(cell => cell.GetProperty("value").GetInt64()));
        Assert.Equal(["GET:/a"], cells.Select(cell => cell.GetProperty("endpoint").GetString()).Distinct());
    }

    [Fact]
    public async Task Answers_are_bounded_before_they_are_made()
    {
        var workspace = await api.NewWorkspaceAsync();

        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?from=2026-03-01&to=2026-04-01T01:00:00Z&by=endpoint"));
        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?from=2020-01-01&to=2023-01-06"));
        Assert.Equal(["measure", "by"], await workspace.RefusedAsync($"{Route}?measure=p50&by=month"));
    }

    [Fact]
    public async Task As_csv_a_row_is_a_cell()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Day.AddDays(-2)));

        var week = await workspace.LinesAsync($"{OfMarch}&format=csv");
        Assert.Equal((169, "weekday,hour,value", "1,0,1"), (week.Length, week[0], week[1]));
        Assert.Equal(
            ["endpoint,timestamp,value", "GET:/orders/:id,2026-03-09T00:00:00Z,1"],
            await workspace.LinesAsync($"{Route}?from=2026-03-09&to=2026-03-09T01:00:00Z&by=endpoint&format=csv"));
    }
}
