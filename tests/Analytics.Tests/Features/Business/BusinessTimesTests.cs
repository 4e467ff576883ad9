using Analytics.Contract;
using Analytics.Features.Business;
using Analytics.Storage.Schema;
using Analytics.Tests.Time;
using Analytics.Time;

namespace Analytics.Tests.Features.Business;

public sealed class BusinessTimesTests
{
    const string Now = "2026-03-29T10:17:42.5Z";

    sealed record Question : PeriodRequest;

    static AskedPeriod Read(Question question, string zone = "Europe/Paris", string now = Now) =>
        new BusinessTimes(question, In(zone), SomeZones.Utc(now)).Read();

    static Workspace In(string zone) => new()
    {
        Id = Guid.Empty, Slug = "w", Name = "w", HashKey = [], CreatedAt = DateTimeOffset.UnixEpoch, Timezone = zone,
    };

    static string Words(TimeRange range) => $"{Rfc3339.Format(range.From)} {Rfc3339.Format(range.To)}";

    static string?[] Problems(Question question) =>
        [.. Assert.Throws<ProblemException>(() => Read(question)).Errors.Select(problem => problem.Pointer).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("24h", "2026-03-28T10:18:00Z 2026-03-29T10:18:00Z", "2026-03-27T10:18:00Z 2026-03-28T10:18:00Z", 1)]
    [InlineData("25h", "2026-03-28T09:18:00Z 2026-03-29T10:18:00Z", "2026-03-27T08:18:00Z 2026-03-28T09:18:00Z", 2)]
    [InlineData("744h", "2026-02-26T10:18:00Z 2026-03-29T10:18:00Z", "2026-01-26T10:18:00Z 2026-02-26T10:18:00Z", 31)]
    [InlineData("1d", "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z", "2026-03-27T23:00:00Z 2026-03-28T23:00:00Z", 1)]
    [InlineData("7d", "2026-03-22T23:00:00Z 2026-03-29T22:00:00Z", "2026-03-15T23:00:00Z 2026-03-22T23:00:00Z", 7)]
    [InlineData("2w", "2026-03-15T23:00:00Z 2026-03-29T22:00:00Z", "2026-03-01T23:00:00Z 2026-03-15T23:00:00Z", 14)]
    [InlineData("1098d", "2023-03-27T22:00:00Z 2026-03-29T22:00:00Z", "2020-03-24T23:00:00Z 2023-03-27T22:00:00Z", 1098)]
    [InlineData("156w", "2023-04-02T22:00:00Z 2026-03-29T22:00:00Z", "2020-04-05T22:00:00Z 2023-04-02T22:00:00Z", 1092)]
    [InlineData("1m", "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z", "2026-01-31T23:00:00Z 2026-02-28T23:00:00Z", 31)]
    [InlineData("36m", "2023-03-31T22:00:00Z 2026-03-31T22:00:00Z", "2020-03-31T22:00:00Z 2023-03-31T22:00:00Z", 1096)]
    public void A_period_is_compared_with_as_much_before_it(string text, string range, string previous, int days)
    {
        var period = Read(new() { Period = text });
        Assert.Equal((range, previous, days), (Words(period.Range), Words(period.Previous), period.Days));
    }

    [Theory]
    [InlineData("2h", "Europe/Paris", "2026-03-29T08:00:00Z", "2026-03-29T09:00:00Z", "2026-03-29T10:00:00Z")]
    [InlineData("2h", "Asia/Kolkata", "2026-03-29T07:30:00Z", "2026-03-29T08:30:00Z", "2026-03-29T09:30:00Z")]
    [InlineData("2h", "Asia/Kathmandu", "2026-03-29T08:15:00Z", "2026-03-29T09:15:00Z", "2026-03-29T10:15:00Z")]
    [InlineData("2d", "Asia/Beirut", "2026-03-28", "2026-03-29")]
    [InlineData("3d", "Asia/Kathmandu", "2026-03-27", "2026-03-28", "2026-03-29")]
    [InlineData("3m", "Asia/Kolkata", "2026-01-01", "2026-02-01", "2026-03-01")]
    public void A_trend_names_hours_by_their_instant_days_and_months_by_their_first_date(string text, string zone, params string[] dates)
    {
        var period = Read(new() { Period = text }, zone);
        Assert.Equal(dates, period.Buckets.Select(period.DateOf));
    }

    [Fact]
    public void Without_a_period_it_is_thirty_days()
    {
        var period = Read(new());
        Assert.Equal(("2026-02-27T23:00:00Z 2026-03-29T22:00:00Z", 30, 30), (Words(period.Range), period.Days, period.Buckets.Count));
        Assert.Equal("2026-01-28T23:00:00Z 2026-02-27T23:00:00Z", Words(period.Previous));
    }

    [Theory]
    [InlineData("2026-03-28", "2026-03-30", "2026-03-26T00:00:00Z 2026-03-27T23:00:00Z", 2)]
    [InlineData("2026-03-28", "2026-03-29T22:00:00.000001Z", "2026-03-25T23:59:59.999999Z 2026-03-27T23:00:00Z", 3)]
    [InlineData("2026-03-20T08:00:00.25Z", "2026-03-20T09:00:00.75Z", "2026-03-20T06:59:59.750000Z 2026-03-20T08:00:00.250000Z", 1)]
    [InlineData(null, "2026-03-20T09:00:00Z", "2026-01-19T09:00:00Z 2026-02-18T09:00:00Z", 30)]
    [InlineData("2026-03-20T09:00:00Z", "2026-03-20T09:00:00Z", "2026-03-20T09:00:00Z 2026-03-20T09:00:00Z", 0)]
    public void Instants_are_compared_with_as_much_time_before_them(string? from, string? to, string previous, int days)
    {
        var period = Read(new() { From = from, To = to });
        Assert.Equal((previous, days, Interval.Day), (Words(period.Previous), period.Days, period.Trend));
        Assert.All(period.Buckets, bucket => Assert.Equal(10, period.DateOf(bucket).Length));
    }

    [Fact]
    public void A_zone_of_its_own_counts_instead_of_the_workspaces() =>
        Assert.Equal("2026-03-28T18:15:00Z 2026-03-29T18:15:00Z", Words(Read(new() { Period = "1d", Timezone = "Asia/Kathmandu" }).Range));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("745h")]
    [InlineData("1099d")]
    [InlineData("157w")]
    [InlineData("37m")]
    [InlineData("1y")]
    public void Another_form_of_period_is_refused(string text) => Assert.Equal(["period"], Problems(new() { Period = text }));

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        Assert.Equal(["period", "timezone"], Problems(new() { Period = "x", Timezone = "Mars" }));
        Assert.Equal(["from", "period", "to"], Problems(new() { Period = "7d", From = "soon", To = "later" }));
        Assert.Equal(["period"], Problems(new() { Period = "7d", To = "2026-03-20" }));
        Assert.Equal(["from"], Problems(new() { From = "2020-01-01", To = "2026-01-01" }));
    }
}
