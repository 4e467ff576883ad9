using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Tests.Oracle;
using NodaTime;

namespace Analytics.Tests.Features.Statistics;

/// <summary>The answers one can work out by hand.</summary>
public sealed class TimeseriesTests(AnalyticsApi api)
{
    const string Route = "/api/events/statistics/timeseries";

    [Theory, InlineData(false), InlineData(true)]
    public async Task Percentiles_interpolate_between_ranks(bool fromChildren)
    {
        var workspace = await api.NewWorkspaceAsync();
        decimal[] costs = [15, 30, 45, 60];
        foreach (var cost in costs)
            if (fromChildren)
                await workspace.IngestAsync(
                    Some.Event(parent: $"r{cost}", cost: cost - 5, at: Some.Day.AddYears(-1)), Some.Event(parent: $"r{cost}", cost: 4),
                    Some.Event(externalId: $"r{cost}", cost: 1, at: Some.Day));
            else
                await workspace.IngestAsync(Some.Event(cost: cost, at: Some.Day));

        var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-11&end_date=2026-03-11&interval=day");

        var row = Assert.Single(answer.GetProperty("totals").EnumerateArray());
        Assert.Equal(row.GetRawText(), Assert.Single(Assert.Single(Periods(answer)).GetProperty("stats").EnumerateArray()).GetRawText());
        Assert.Equal((4, 1), (row.GetProperty("occurrences").GetInt32(), row.GetProperty("customers").GetInt32()));
        string[] members = ["totals", "averages", "p10", "p50", "p90", "p95", "p99"];
        Assert.Equal(
            ["150", "37.5", "19.5", "37.5", "55.5", "57.75", "59.55"],
            members.Select(member => row.GetProperty(member).GetProperty("_cost_amount").GetString()));
    }

    [Fact]
    public async Task The_first_day_there_is_begins_before_it_in_zones_ahead_of_UTC()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 36_500);
        await workspace.IngestAsync(Some.Event(customer: "acme", at: new DateTimeOffset(2000, 1, 1, 0, 5, 0, TimeSpan.Zero)));
        await (await Upkeep.OfAsync(workspace)).CompactAsync();
        foreach (var customer in new[] { "", "&external_customer_id=acme" })
            foreach (var interval in new[] { "hour", "day", "week", "month" })
            {
                var answer = await workspace.GetAsync(
                    $"{Route}?start_date=2000-01-01&end_date=2000-01-02&interval={interval}&timezone=Asia/Kathmandu{customer}");
                Assert.Equal(1, Assert.Single(answer.GetProperty("totals").EnumerateArray()).GetProperty("occurrences").GetInt32());
            }
    }

    [Fact]
    public async Task An_empty_workspace_has_empty_periods()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var interval in new[] { "hour", "day", "week", "month", "year" })
        {
            var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-09&end_date=2026-03-15&interval={interval}&aggregate_fields=_cost.amount&aggregate_fields=a.b");
            Assert.Equal(interval switch { "hour" => 168, "day" => 7, _ => 1 }, Periods(answer).Count);
            Assert.All(Periods(answer), period => Assert.Empty(period.GetProperty("stats").EnumerateArray()));
            Assert.Empty(answer.GetProperty("totals").EnumerateArray());
        }
    }

    [Fact]
    public async Task One_event_is_every_percentile_and_periods_without_it_are_zero()
    {
        var workspace = await api.NewWorkspaceAsync();
        var world = new World();
        var only = new ToldEvent("only", "task.done", Some.Day.AddHours(12)) { ExternalCustomerId = "acme", Metadata = Cost("-7.25") };
        await TellAsync(workspace, world, only);
        var questions = new[] { "hour", "day", "week", "month", "year" }
            .SelectMany(interval => RandomMoments.Zones.Select(zone => new Question(zone, interval, new(2026, 3, 9), new(2026, 3, 13))));

        await new Agreement(workspace, world).AssertAsync("one event", questions);

        var days = Periods(await workspace.GetAsync($"{Route}?start_date=2026-03-10&end_date=2026-03-11&interval=day"));
        var (empty, full) = (days[0].GetProperty("stats")[0], days[1].GetProperty("stats")[0]);
        Assert.All(new[] { "totals", "averages", "p10", "p99" }, member => Assert.Equal("0", empty.GetProperty(member).GetProperty("_cost_amount").GetString()));
        Assert.All(new[] { "totals", "averages", "p10", "p99" }, member => Assert.Equal("-7.25", full.GetProperty(member).GetProperty("_cost_amount").GetString()));
        Assert.Equal("task.done", empty.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Events_without_metadata_are_taken_after_a_field_was_asked_for()
    {
        var workspace = await api.NewWorkspaceAsync();
        var asked = $"{Route}?start_date=2026-03-11&end_date=2026-03-11&interval=day&aggregate_fields=pages";
        await workspace.GetAsync(asked);

        await workspace.IngestAsync(Some.Event(at: Some.Day), Some.Event(at: Some.Day, metadata: new() { ["pages"] = 3 }));

        var row = Assert.Single((await workspace.GetAsync(asked)).GetProperty("totals").EnumerateArray());
        Assert.Equal((2, "3"), (row.GetProperty("occurrences").GetInt32(), row.GetProperty("totals").GetProperty("pages").GetString()));
    }

    [Theory, InlineData("aggregate_fields="), InlineData("aggregate_fields=&aggregate_fields=_cost.amount"), InlineData("name=&external_customer_id=")]
    public async Task A_parameter_without_a_value_asks_for_nothing(string parameters)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day, cost: 7));
        var plain = $"{Route}?start_date=2026-03-11&end_date=2026-03-11&interval=day";

        Assert.Equal((await workspace.GetAsync(plain)).GetRawText(), (await workspace.GetAsync($"{plain}&{parameters}")).GetRawText());
    }

    [Fact]
    public async Task An_answer_that_would_be_too_large_is_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 130).Select(at => Some.Event($"n{at}", at: Some.Day)));
        const string month = $"{Route}?start_date=2026-03-01&end_date=2026-03-31&interval=hour";

        // 744 hours x 130 names: fewer rows than 100 000, but six fields each are more than 500 000 values.
        var fields = string.Concat(FieldCatalogue.BuiltIn.Append("n").Select(field => $"&aggregate_fields={field}"));
        var values = await workspace.GetAsync($"{month}{fields}", 400);
        await workspace.IngestAsync(Enumerable.Range(130, 5).Select(at => Some.Event($"n{at}", at: Some.Day)));
        var rows = await workspace.GetAsync(month, 400);

        Assert.Equal("aggregate_fields", Assert.Single(values.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
        Assert.Equal("interval", Assert.Single(rows.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_date_that_never_was_has_no_periods()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(cost: 1, at: new(2011, 12, 30, 0, 0, 0, TimeSpan.Zero)));

        var answer = await workspace.GetAsync($"{Route}?start_date=2011-12-30&end_date=2011-12-30&interval=day&timezone=Pacific/Apia");

        Assert.Equal("""{"periods":[],"totals":[]}""", answer.GetRawText());
    }

    [Fact]
    public async Task The_future_has_partial_empty_periods()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(cost: 1));
        var start = TimeProvider.System.GetUtcNow().AddDays(40);

        var answer = await workspace.GetAsync($"{Route}?start_date={start:yyyy-MM-dd}&end_date={start.AddDays(2):yyyy-MM-dd}&interval=day");

        Assert.Equal([true, true, true], Periods(answer).Select(IsPartial));
        Assert.Empty(answer.GetProperty("totals").EnumerateArray());
    }

    [Fact]
    public async Task What_is_not_over_yet_is_partial_and_counts()
    {
        var workspace = await api.NewWorkspaceAsync();
        var world = new World();
        var now = TimeProvider.System.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % 10));
        await TellAsync(workspace, world, new ToldEvent("now", "task.done", now) { ExternalCustomerId = "acme", Metadata = Cost("3") });
        var today = LocalDate.FromDateTime(now.UtcDateTime);
        await new Agreement(workspace, world).AssertAsync(
            "now", new[] { "hour", "day", "week", "month", "year" }.Select(interval => new Question("UTC", interval, today.PlusDays(-1), today.PlusDays(1))));
    }

    [Theory]
    [InlineData("Europe/Paris", "2026-03-29", 23), InlineData("Europe/Paris", "2026-10-25", 25), InlineData("Asia/Beirut", "2026-03-29", 23)]
    [InlineData("Asia/Beirut", "2026-10-24", 25), InlineData("America/St_Johns", "2026-03-08", 23), InlineData("America/St_Johns", "2026-11-01", 25)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 25), InlineData("Asia/Calcutta", "2026-03-29", 24), InlineData("Europe/Kiev", "2026-03-29", 23)]
    public async Task A_day_on_which_clocks_change_has_the_hours_it_has(string zone, string date, int hours)
    {
        var workspace = await api.NewWorkspaceAsync(timezone: zone);
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        var world = new World();
        var start = Calendar.StartOf(zone, day).ToDateTimeOffset();
        await TellAsync(workspace, world, [.. Enumerable.Range(-1, 4 * hours + 2).Select(quarter =>
            new ToldEvent($"q{quarter}", "task.done", start.AddMinutes(15 * quarter)) { ExternalCustomerId = "acme", Metadata = Cost($"{quarter}.5") })]);

        var answer = await workspace.GetAsync($"{Route}?start_date={date}&end_date={date}&interval=hour");
        Assert.Equal(hours, Periods(answer).Count);
        await new Agreement(workspace, world).AssertAsync("hours", [new Question(zone, "hour", day, day), new Question(zone, "day", day.PlusDays(-1), day.PlusDays(1))]);
    }

    [Fact]
    public async Task Weeks_start_on_Monday_whatever_day_the_range_starts_on()
    {
        var workspace = await api.NewWorkspaceAsync();
        var world = new World();
        var monday = new LocalDate(2026, 3, 9);
        await TellAsync(workspace, world, [.. Enumerable.Range(-8, 24).Select(day =>
            new ToldEvent($"d{day}", "task.done", Some.Day.AddDays(day - 2)) { ExternalCustomerId = "acme", Metadata = Cost($"{day}") })]);
        var questions = Enumerable.Range(0, 7).SelectMany(first => Enumerable.Range(first, 9)
            .Select(last => new Question(last % 2 == 0 ? "UTC" : "Asia/Kathmandu", "week", monday.PlusDays(first), monday.PlusDays(last))));

        await new Agreement(workspace, world).AssertAsync("weeks", questions);

        var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-11&end_date=2026-03-22&interval=week");
        Assert.Equal(["2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z"], Periods(answer).Select(period => period.GetProperty("timestamp").GetString()));
        Assert.Equal([true, false], Periods(answer).Select(IsPartial));
    }

    [Fact]
    public async Task A_child_counts_where_its_root_does_and_waits_without_one()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("step", Some.Day.AddDays(30), "c1", parent: "r", cost: 2), Some.Event("step", Some.Day, "c2", parent: "c1", cost: 3));
        const string All = $"{Route}?start_date=2026-01-01&end_date=2026-06-30&interval=month";
        Assert.Empty((await workspace.GetAsync(All)).GetProperty("totals").EnumerateArray());

        await workspace.IngestAsync(Some.Event("run", Some.Day.AddDays(-60), "r", cost: 0.5m));

        var answer = await workspace.GetAsync(All);
        var row = Assert.Single(answer.GetProperty("totals").EnumerateArray());
        Assert.Equal(("run", "5.5"), (row.GetProperty("name").GetString(), row.GetProperty("totals").GetProperty("_cost_amount").GetString()));
        Assert.Equal([1, 0, 0, 0, 0, 0], Periods(answer).Select(period => period.GetProperty("stats")[0].GetProperty("occurrences").GetInt32()));
    }

    static async Task TellAsync(WorkspaceClient workspace, World world, params ToldEvent[] events)
    {
        Assert.All(events, told => Assert.True(world.Tell(told)));
        await workspace.IngestAsync(events.Select(told => told.ToJson()));
    }

    static string Cost(string amount) => $"{{\"_cost\":{{\"amount\":{amount},\"currency\":\"usd\"}}}}";

    static List<JsonElement> Periods(JsonElement answer) => [.. answer.GetProperty("periods").EnumerateArray()];

    static bool IsPartial(JsonElement period) => period.TryGetProperty("partial", out var partial) && partial.GetBoolean();
}
