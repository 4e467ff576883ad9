using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Analytics.Tests.Oracle;
using Analytics.Tests.Oracle.Apps;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>Statistics where numbers, days and calendars end, worked out by hand.</summary>
[Collection<Timed>]
public sealed class RandomStatisticsEdgesTests(TimedApi timed)
{
    readonly AnalyticsApi api = timed.Api;

    [Fact]
    public async Task A_device_counts_on_its_day_and_the_29_after_however_near_to_midnight_it_was()
    {
        var workspace = await api.NewWorkspaceAsync("Pacific/Kiritimati");
        var (day, app) = (new DateOnly(2026, 1, 10), await workspace.NewAppAsync("o:app"));
        string[] times =
        [
            "2026-01-10T00:00:00Z", "2026-01-10T23:59:59.999999Z", "2026-01-10T23:59:59.9999999Z", "2026-01-11T13:59:59.999999+14:00",
            "2026-01-09T12:00:00-12:00",
        ];
        foreach (var (at, time) in times.Index())
        {
            await TellAsync(workspace, app, "devices", new { deviceId = $"Device {at}", timestamp = time });
            var mau = await ColumnAsync(workspace, $"org/{workspace.Slug}", "mau", day.AddDays(-30), day.AddDays(45));
            Assert.Equal([.. Enumerable.Repeat("0", 30), .. Enumerable.Repeat($"{at + 1}", 30), .. Enumerable.Repeat("0", 15)], mau);
        }
    }

    [Fact]
    public async Task A_device_is_one_for_apps_workspaces_and_however_it_is_written_and_a_download_is_none()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (_, user) = await api.NewUserAsync((one, "viewer"), (two, "viewer"));
        foreach (var (workspace, name, device) in ((WorkspaceClient, string, string)[])
            [(one, "o:a", "iPhone ÄÖ-ж"), (one, "o:b", "IPHONE äö-Ж"), (two, "o:a", "iphone Äö-ж"), (two, "o:a", " iphone")])
        {
            using var made = await workspace.AskAsync(HttpMethod.Post, "/api/apps", new { natural_id = name, name });
            await TellAsync(workspace, name, "devices", new { deviceId = device, timestamp = "2026-03-01T12:00:00Z" });
            await TellAsync(workspace, name, "downloads", new { deviceId = "other", bytes = 1, timestamp = "2026-03-01T12:00:00Z" });
        }

        var day = new DateOnly(2026, 3, 1);
        foreach (var (client, route, mau) in ((ApiClient, string, string)[])
            [(one, $"org/{one.Slug}", "1"), (two, $"org/{two.Slug}", "2"), (user, "user", "2"), (one, "user", "1")])
            Assert.Equal([mau], await ColumnAsync(client, route, "mau", day, day.AddDays(1)));
    }

    [Fact]
    public async Task Sums_are_exact_beyond_64_bits_and_their_ratios_to_a_hundredth()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync("o:app");
        const string Time = "2026-03-02T01:00:00Z";
        foreach (var round in Enumerable.Range(1, 3))
        {
            await TellAsync(workspace, app, "storage", [.. Enumerable.Repeat(new { bytes = -long.MaxValue, timestamp = Time }, 5)]);
            await TellAsync(workspace, app, "downloads", [.. Enumerable.Repeat(new { bytes = long.MaxValue, timestamp = Time }, 5)]);
            foreach (var device in (string[])["a", "b", "c", "d"])
                await TellAsync(workspace, app, "devices", new { deviceId = device, timestamp = Time });
            var sum = new BigInteger(long.MaxValue) * 5 * round;
            var (perUser, range) = (StatisticsCount.Quotient(sum, 4), "from=2026-03-02&to=2026-03-03&ratios=true");
            var numbers = $"""
                "mau":4,"storage":-{sum},"bandwidth":{sum},"bandwidth_per_user":{perUser},"storage_per_app":-{sum}
                """;
            var row = $$"""{"date":"2026-03-02",{{numbers}}""" + "}";
            Assert.Equal($$"""{"data":[{{row}}]}""", (await workspace.GetAsync($"/statistics/org/{workspace.Slug}/?{range}")).GetRawText());
            Assert.Equal($$"""{"data":{{row}}}""", (await workspace.GetAsync($"/statistics/app/o:app/?{range}")).GetRawText());

            await (await Upkeep.OfAsync(workspace)).CompactAsync();
        }
    }

    [Theory]
    [InlineData(1, 8, "0.13"), InlineData(-1, 8, "-0.13"), InlineData(-1, 300, "0"), InlineData(1, 200, "0.01")]
    [InlineData(-1, 200, "-0.01")]
    [InlineData(10, 4, "2.5"), InlineData(7, 3, "2.33"), InlineData(-20, 3, "-6.67"), InlineData(12, 4, "3"), InlineData(0, 3, "0")]
    public void A_quotient_is_rounded_half_away_from_zero(int dividend, int divisor, string expected) =>
        Assert.Equal(expected, StatisticsCount.Quotient(dividend, divisor));

    [Fact]
    public async Task Ratios_are_rounded_half_away_from_zero_and_0_of_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var app = 0; app < 8; app++)
        {
            var id = await workspace.NewAppAsync($"o:{app}");
            await TellAsync(workspace, id, "storage", new { bytes = app == 0 ? -1 : 0, timestamp = "2026-02-02T01:00:00Z" });
            await TellAsync(workspace, id, "devices", new { deviceId = $"{app}", timestamp = "2026-02-02T01:00:00Z" });
        }

        await TellAsync(workspace, "o:0", "downloads", new { bytes = 1, timestamp = "2026-02-02T01:00:00Z" });

        Assert.Equal(["0", "0.13", "0"], await ColumnAsync(workspace, "user", "bandwidth_per_user", new(2026, 2, 1), new(2026, 2, 4)));
        Assert.Equal(["0", "-0.13", "-0.13"], await ColumnAsync(workspace, "user", "storage_per_app", new(2026, 2, 1), new(2026, 2, 4)));
        Assert.Equal(["0", "-1"], await ColumnAsync(workspace, $"org/{workspace.Slug}", "storage", new(2026, 2, 1), new(2026, 2, 3)));
    }

    [Fact]
    public async Task Days_are_counted_from_the_first_that_is_taken_to_the_last_that_can_be_asked_for()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 36_500);
        var app = await workspace.NewAppAsync("o:app");
        var early = new { changes = new[] { new { bytes = 5, timestamp = "1999-12-31T23:59:59.999999Z" } } };
        await workspace.PostAsync($"/api/apps/{app}/storage", early, 400);
        await TellAsync(workspace, app, "storage", new { bytes = 5, timestamp = "2000-01-01T00:00:00Z" });

        foreach (var (first, length, expected) in ((string, int, string)[])
            [("0001-01-01", 90, "0"), ("1999-10-03", 90, "0"), ("1999-10-04", 90, "5"), ("9999-10-02", 90, "5"), ("9999-12-30", 1, "5")])
        {
            var from = DateOnly.ParseExact(first, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            var (last, to) = (StatisticsCount.Text(from.AddDays(length - 1)), StatisticsCount.Text(from.AddDays(length)));
            var days = await ColumnAsync(workspace, "user", "storage", from, from.AddDays(length));
            Assert.Equal((length, expected), (days.Count, days[^1]));
            Assert.All(days.SkipLast(1), day => Assert.Equal(first[0] == '9' ? "5" : "0", day));
            var one = await workspace.GetAsync($"/statistics/app/o:app/?from={first}&to={to}");
            var row = $$"""{"date":"{{last}}","mau":0,"storage":{{expected}},"bandwidth":0""" + "}";
            Assert.Equal(row, one.GetProperty("data").GetRawText());
        }
    }

    [Theory]
    [InlineData("2024-02-29", "2024-03-01", "2023-02-28", 1)]
    [InlineData("2024-02-28", "2024-02-29", "2023-02-28", 1)]
    [InlineData("2024-03-01", "2024-03-31", "2023-03-01", 30)]
    [InlineData("2025-03-01", "2025-03-02", "2024-03-01", 1)]
    [InlineData("2025-02-28", "2025-03-01", "2024-02-28", 1)]
    [InlineData("2024-12-31", "2025-01-02", "2023-12-31", 2)]
    public async Task The_year_before_has_the_same_dates(string from, string to, string first, int days)
    {
        var workspace = await api.NewWorkspaceAsync();
        var answer = await workspace.GetAsync($"/statistics/user/?from={from}&to={to}&compare=previous_year");

        var start = DateOnly.ParseExact(first, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal(
            Enumerable.Range(0, days).Select(day => StatisticsCount.Text(start.AddDays(day))),
            answer.GetProperty("previous").EnumerateArray().Select(row => row.GetProperty("date").GetString()));
    }

    [Fact]
    public async Task A_later_fact_of_an_earlier_day_moves_every_balance_after_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync("o:app");
        var first = new DateOnly(2026, 2, 1);
        await TellAsync(workspace, app, "storage", new { bytes = 100, timestamp = "2026-02-03T10:00:00Z" });
        await TellAsync(workspace, app, "storage", new { bytes = -250, timestamp = "2026-02-05T00:00:00Z" });
        Assert.Equal(["0", "0", "100", "100", "-150", "-150"], await ColumnAsync(workspace, "user", "storage", first, first.AddDays(6)));

        await TellAsync(workspace, app, "storage", new { bytes = 7, timestamp = "2025-06-01T10:00:00Z" });
        Assert.Equal(["7", "7", "107", "107", "-143", "-143"], await ColumnAsync(workspace, "user", "storage", first, first.AddDays(6)));
    }

    static Task<JsonElement> TellAsync(WorkspaceClient workspace, object app, string route, params object[] facts) => workspace.PostAsync(
        $"/api/apps/{app}/{route}", new Dictionary<string, object> { [route == "storage" ? "changes" : route] = facts });

    /// <summary>A member of every row, as it is written.</summary>
    static async Task<List<string>> ColumnAsync(ApiClient client, string route, string member, DateOnly from, DateOnly to)
    {
        var range = $"from={StatisticsCount.Text(from)}&to={StatisticsCount.Text(to)}";
        var answer = await client.GetAsync($"/statistics/{route}/?{range}&ratios=true");
        return [.. answer.GetProperty("data").EnumerateArray().Select(row => row.GetProperty(member).GetRawText())];
    }
}
