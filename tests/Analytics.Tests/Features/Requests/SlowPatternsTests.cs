namespace Analytics.Tests.Features.Requests;

public sealed class SlowPatternsTests(AnalyticsApi api)
{
    static readonly string[] Members = ["endpoint", "hour", "weekday", "days", "slowDays", "p95", "p95Otherwise"];

    // Monday the 2nd to Sunday the 15th.
    static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    const string TwoWeeks = "from=2026-03-02&to=2026-03-16";

    [Fact]
    public async Task An_hour_that_is_slow_on_half_of_its_days_is_told()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(
            [.. Hours("/export", 14, day => day % 2 == 0 ? 2_000 : 100), .. Hours("/export", 9, _ => 100), .. Hours("/other", 14, day => day < 6 ? 2_000 : 100)]);

        Assert.Equal(["GET:/export 14  14 7 2000 100"], await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}", Members));
        await (await Oracle.Upkeep.OfAsync(workspace)).CompactAsync();
        Assert.Equal(["GET:/export 14  14 7 2000 100"], await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}", Members));
        Assert.Empty(await workspace.RowsAsync("/api/requests/slow/patterns", Members));
    }

    [Fact]
    public async Task Slow_days_of_one_weekday_are_told_by_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(Enumerable.Range(0, 28).SelectMany(day => At("/report", day, 14, day % 7 == 1 ? 3_000 : 200)));

        Assert.Equal(["GET:/report 14 2 4 4 3000 200"], await workspace.RowsAsync("/api/requests/slow/patterns?from=2026-03-02&to=2026-03-30", Members));
        // Two of them are not again and again.
        Assert.Empty(await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}", Members));
    }

    [Fact]
    public async Task Who_is_always_slow_has_no_hour()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync([.. Hours("/slow", 14, _ => 2_000), .. Hours("/slow", 9, _ => 1_500), .. Hours("/one", 3, _ => 1_001)]);

        Assert.Equal(["GET:/one 3  14 14 1001 0"], await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}", Members));
    }

    [Fact]
    public async Task Few_slow_requests_among_many_are_no_slow_hour_and_a_twentieth_is()
    {
        var workspace = await api.NewWorkspaceAsync();
        IEnumerable<System.Text.Json.Nodes.JsonObject> Mixed(string path, int slow) =>
            from day in Enumerable.Range(0, 4)
            from number in Enumerable.Range(0, 60)
            select Told.Request(Monday.AddDays(day).AddHours(8).AddSeconds(number), path, number < slow ? 5_000 : 50);
        await workspace.TellAsync([.. Mixed("/two", 2), .. Mixed("/four", 4)]);

        Assert.Equal(["GET:/four 8  4 4"], await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}", "endpoint", "hour", "weekday", "days", "slowDays"));
    }

    [Fact]
    public async Task Hours_and_days_are_the_zones()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        // 14:00 there is 08:15 UTC.
        await workspace.TellAsync([.. Hours("/export", 8, _ => 2_000, minutes: 20), .. Hours("/export", 8, _ => 100, minutes: 10)]);

        Assert.Equal(["GET:/export 14  14 14 2000 100"], await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}", Members));
        Assert.Equal(["GET:/export 8  14 14 2000 0"], await workspace.RowsAsync($"/api/requests/slow/patterns?{TwoWeeks}&timezone=UTC", Members));
    }

    [Theory]
    [InlineData("from=2026-03-01&to=2026-04-02", "from")]
    [InlineData("to=never", "to")]
    public async Task A_range_of_more_than_31_days_is_400(string query, string parameter)
    {
        var problem = await (await api.NewWorkspaceAsync()).GetAsync($"/api/requests/slow/patterns?{query}", 400);

        Assert.Equal(parameter, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    static IEnumerable<System.Text.Json.Nodes.JsonObject> Hours(string path, int hour, Func<int, double> latency, int minutes = 5) =>
        Enumerable.Range(0, 14).SelectMany(day => At(path, day, hour, latency(day), minutes));

    static IEnumerable<System.Text.Json.Nodes.JsonObject> At(string path, int day, int hour, double latency, int minutes = 5) => Enumerable.Range(0, 3)
        .Select(number => Told.Request(Monday.AddDays(day).AddHours(hour).AddMinutes(minutes).AddSeconds(number), path, latency));
}
