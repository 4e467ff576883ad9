using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Requests;

[Collection(typeof(Stopped))]
public sealed class DegradationsTests(StoppedApi stopped)
{
    /// <summary>A Thursday at 14:00, two days ago.</summary>
    static readonly DateTimeOffset Hour = new(2026, 11, 19, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(20, 60, true)]
    [InlineData(19.9, 60, false)]
    [InlineData(20, 49, false)]
    [InlineData(20, 50, true)]
    public async Task An_hour_that_is_twice_as_slow_as_usual_is_degraded_when_it_has_50_requests(double latency, int count, bool isDegraded)
    {
        var workspace = await stopped.Api.NewWorkspaceAsync();
        foreach (var week in (int[])[1, 2, 3, 4])
            await workspace.TellAsync(Some("/slow", Hour.AddDays(-7 * week), 60, 10));
        await workspace.TellAsync(Some("/slow", Hour, count, (decimal)latency));

        var rows = await RowsAsync(workspace, Hour.AddHours(-3), Hour.AddHours(3));

        Assert.Equal(isDegraded ? ["GET:/slow p95 since 2026-11-19T14:00:00Z: 10 -> 20, x 2"] : [], rows);
    }

    [Fact]
    public async Task An_hour_with_server_errors_is_degraded_from_5_points_above_the_median()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync();
        // Percents of the weeks before: 0, 2, 4 and 50, the median being 3.
        foreach (var (week, errors) in ((int, int)[])[(1, 0), (2, 2), (3, 4), (4, 50)])
            await workspace.TellAsync([.. Some("/a", Hour.AddDays(-7 * week), 100 - errors, 10), .. Some("/a", Hour.AddDays(-7 * week), errors, 10, 503)]);
        await workspace.TellAsync([.. Some("/a", Hour, 92, 10), .. Some("/a", Hour, 8, 10, 500)]);
        await workspace.TellAsync([.. Some("/a", Hour.AddDays(-7).AddHours(1), 100, 10), .. Some("/a", Hour.AddDays(-14).AddHours(1), 100, 10)]);
        await workspace.TellAsync([.. Some("/a", Hour.AddHours(1), 96, 10, 499), .. Some("/a", Hour.AddHours(1), 4, 10, 500)]);

        Assert.Equal(
            ["GET:/a serverErrorRate since 2026-11-19T14:00:00Z: 3 -> 8, x 2.67"], await RowsAsync(workspace, Hour.AddHours(-3), Hour.AddHours(3)));
    }

    [Fact]
    public async Task Over_a_baseline_of_nothing_there_is_no_factor()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync();
        foreach (var week in (int[])[1, 2])
            await workspace.TellAsync(Some("/a", Hour.AddDays(-7 * week), 50, 0));
        await workspace.TellAsync([.. Some("/a", Hour, 47, 0), .. Some("/a", Hour, 3, 0, 500)]);

        Assert.Equal(["GET:/a serverErrorRate since 2026-11-19T14:00:00Z: 0 -> 6, x null"], await RowsAsync(workspace, Hour, Hour.AddHours(1)));
    }

    [Fact]
    public async Task Where_the_same_hours_are_too_few_the_seven_days_before_are_the_baseline()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync();
        await workspace.TellAsync(Some("/young", Hour.AddDays(-7), 60, 100));
        foreach (var (hours, latency) in ((int, decimal)[])[(-167, 10), (-30, 20), (-2, 30), (-1, 40), (-169, 100), (1, 1)])
            await workspace.TellAsync(Some("/young", Hour.AddHours(hours), 50, latency));
        await workspace.TellAsync(Some("/young", Hour, 50, 60));
        await workspace.TellAsync(Some("/new", Hour, 50, 60));

        // Of 100, 10, 20, 30 and 40 the median is 30; the hour of the week before is one of the seven days.
        Assert.Equal(["GET:/young p95 since 2026-11-19T14:00:00Z: 30 -> 60, x 2"], await RowsAsync(workspace, Hour, Hour.AddHours(1)));
    }

    [Fact]
    public async Task A_row_is_a_run_of_hours_from_its_first_hour_on_with_the_figures_of_its_last_in_the_range()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync();
        var first = Hour.AddHours(-40);
        foreach (var week in (int[])[1, 2])
            for (var hour = -42; hour < 10; hour++)
                await workspace.TellAsync(Some("/run", Hour.AddDays(-7 * week).AddHours(hour), 50, 10));
        for (var hour = -42; hour < 10; hour++)
            await workspace.TellAsync(Some("/run", Hour.AddHours(hour), 50, hour is < -40 or 5 or 6 ? 10 : 100 + hour));

        var early = $"GET:/run p95 since 2026-11-17T22:00:00Z: 10 -> ";
        var late = "GET:/run p95 since 2026-11-19T21:00:00Z: 10 -> ";
        Assert.Equal([late + "109, x 10.9", early + "104, x 10.4"], await RowsAsync(workspace, first, Hour.AddHours(20)));
        Assert.Equal([early + "102, x 10.2"], await RowsAsync(workspace, Hour.AddHours(1.5), Hour.AddHours(2.25)));
        Assert.Equal([], await RowsAsync(workspace, Hour.AddHours(5), Hour.AddHours(7)));
        Assert.Equal([late + "108, x 10.8"], await RowsAsync(workspace, Hour.AddHours(6.99), Hour.AddHours(8.01)));
    }

    [Fact]
    public async Task The_running_hour_counts_as_soon_as_it_has_50_requests()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync();
        var now = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        foreach (var week in (int[])[1, 2])
            await workspace.TellAsync(Some("/now", now.AddDays(-7 * week), 50, 10));
        await workspace.TellAsync(Some("/now", now, 49, 30, every: TimeSpan.FromSeconds(1)));
        Assert.Empty((await workspace.GetAsync("/api/requests/degradations")).GetProperty("data").EnumerateArray());

        await workspace.TellAsync(Some("/now", now.AddMinutes(34), 1, 30));

        Assert.Equal(1, (await workspace.GetAsync("/api/requests/degradations")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Any_range_and_any_number_of_endpoints_equal_a_brute_force_comparison()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync("Asia/Kathmandu");
        var random = new Random(7);
        var told = new List<(string Endpoint, DateTimeOffset Hour, decimal Latency, int Status)>();
        var start = Hour.AddDays(-45);
        for (var endpoint = 0; endpoint < 8; endpoint++)
            for (var hour = 0; hour < 45 * 24; hour++)
                if (hour % 24 is >= 10 and <= 13 && random.Next(10) > 0 && endpoint * 7 < hour / 24)
                {
                    var (latency, errors) = (random.Next(5) == 0 ? 25 : 10, random.Next(6) == 0 ? 6 : 1);
                    for (var n = random.Next(45, 60); n > 0; n--)
                        told.Add(($"GET:/{(char)('a' + endpoint)}", start.AddHours(hour), latency + random.Next(0, 40) / 10m, random.Next(100) < errors ? 500 : 200));
                }

        foreach (var batch in told.Select(Sent).Chunk(9_000))
            await workspace.TellAsync(batch);
        var expected = new BruteForce(told);
        Assert.InRange(expected.Degraded.Count, 100, 2_000);

        foreach (var (from, to) in ((int, int)[])[(0, 45 * 24), (20 * 24, 21 * 24), (36 * 24 + 11, 36 * 24 + 12), (30 * 24, 44 * 24), (44 * 24, 45 * 24)])
            Assert.Equal(expected.Rows(start.AddHours(from), start.AddHours(to)), await RowsAsync(workspace, start.AddHours(from), start.AddHours(to)));
    }

    /// <summary>The rule once more, hour by hour over everything that was told.</summary>
    sealed class BruteForce
    {
        readonly Dictionary<(string Endpoint, DateTimeOffset Hour), (decimal P95, decimal Errors)> hours;

        public BruteForce(List<(string Endpoint, DateTimeOffset Hour, decimal Latency, int Status)> told)
        {
            hours = told.GroupBy(one => (one.Endpoint, one.Hour)).Where(hour => hour.Count() >= 50)
                .ToDictionary(hour => hour.Key, hour => (P95([.. hour.Select(one => one.Latency).Order()]), 100m * hour.Count(one => one.Status >= 500) / hour.Count()));
            foreach (var ((endpoint, hour), now) in hours)
            {
                List<(decimal P95, decimal Errors)> before = Known(endpoint, Enumerable.Range(1, 4).Select(week => hour.AddDays(-7 * week)));
                if (before.Count < 2)
                    before = Known(endpoint, Enumerable.Range(1, 168).Select(hours => hour.AddHours(-hours)));
                if (before.Count == 0)
                    continue;
                var (p95, errors) = (Median(before.ConvertAll(one => one.P95)), Median(before.ConvertAll(one => one.Errors)));
                if (now.P95 >= 2 * p95)
                    Degraded[(endpoint, "p95", hour)] = (p95, now.P95);
                if (now.Errors - errors >= 5)
                    Degraded[(endpoint, "serverErrorRate", hour)] = (Math.Round(errors, 2, MidpointRounding.AwayFromZero), Math.Round(now.Errors, 2, MidpointRounding.AwayFromZero));
                Factors[(endpoint, hour)] = (p95 == 0 ? null : now.P95 / p95, errors == 0 ? null : now.Errors / errors);
            }
        }

        public Dictionary<(string Endpoint, string Measure, DateTimeOffset Hour), (decimal Baseline, decimal Current)> Degraded { get; } = [];

        Dictionary<(string Endpoint, DateTimeOffset Hour), (decimal? P95, decimal? Errors)> Factors { get; } = [];

        public List<string> Rows(DateTimeOffset from, DateTimeOffset to)
        {
            var rows = new List<(DateTimeOffset Since, string Text)>();
            foreach (var ((endpoint, measure, hour), (baseline, current)) in Degraded)
            {
                var goesOn = Degraded.ContainsKey((endpoint, measure, hour.AddHours(1))) && hour.AddHours(1) < to;
                if (hour < from || hour >= to || goesOn)
                    continue;
                var since = hour;
                while (Degraded.ContainsKey((endpoint, measure, since.AddHours(-1))))
                    since = since.AddHours(-1);
                var factor = measure == "p95" ? Factors[(endpoint, hour)].P95 : Factors[(endpoint, hour)].Errors;
                rows.Add((since, Row(endpoint, measure, since, baseline, current, factor is { } known ? Math.Round(known, 2, MidpointRounding.AwayFromZero) : null)));
            }

            return [.. rows.OrderByDescending(row => row.Since).ThenBy(row => row.Text, StringComparer.Ordinal).Select(row => row.Text)];
        }

        List<(decimal P95, decimal Errors)> Known(string endpoint, IEnumerable<DateTimeOffset> at) =>
            [.. at.Where(hour => hours.ContainsKey((endpoint, hour))).Select(hour => hours[(endpoint, hour)])];

        static decimal Median(List<decimal> values)
        {
            values.Sort();
            return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
        }

        static decimal P95(List<decimal> sorted)
        {
            var rank = 0.95m * (sorted.Count - 1);
            var lower = (int)rank;
            return sorted[lower] + (rank - lower) * ((lower + 1 < sorted.Count ? sorted[lower + 1] : 0) - sorted[lower]) * (rank == lower ? 0 : 1);
        }
    }

    static IEnumerable<JsonNode> Some(
        string path, DateTimeOffset hour, int count, decimal latency, int status = 200, TimeSpan every = default) =>
        Enumerable.Range(0, count).Select(n => SomeRequests.Request(path, latency, status, hour + (every == default ? TimeSpan.FromSeconds(n % 3_600) : every * n)));

    static JsonObject Sent((string Endpoint, DateTimeOffset Hour, decimal Latency, int Status) one, int n) =>
        SomeRequests.Request(one.Endpoint["GET:".Length..], one.Latency, one.Status, one.Hour.AddMilliseconds(n % 3_600_000));

    static async Task<List<string>> RowsAsync(WorkspaceClient workspace, DateTimeOffset from, DateTimeOffset to)
    {
        var answer = await workspace.GetAsync($"/api/requests/degradations?from={from.UtcDateTime:O}&to={to.UtcDateTime:O}");
        return [.. answer.GetProperty("data").EnumerateArray().Select(Row)];
    }

    static string Row(JsonElement row) => Row(
        row.GetProperty("endpoint").GetString()!, row.GetProperty("measure").GetString()!, row.GetProperty("since").GetDateTimeOffset(),
        row.GetProperty("baseline").GetDecimal(), row.GetProperty("current").GetDecimal(),
        row.GetProperty("factor") is { ValueKind: JsonValueKind.Number } factor ? factor.GetDecimal() : null);

    static string Row(string endpoint, string measure, DateTimeOffset since, decimal baseline, decimal current, decimal? factor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{endpoint} {measure} since {since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss}Z: {baseline:0.#####} -> {current:0.#####}, x {factor?.ToString("0.##", CultureInfo.InvariantCulture) ?? "null"}");
}
