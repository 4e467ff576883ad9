using Analytics.Time;

namespace Analytics.Tests.Time;

public sealed class TimeRangeTests
{
    static readonly DateTimeOffset Now = SomeZones.Utc("2026-11-21T10:07:23.5Z");

    [Fact]
    public void Dates_are_both_included()
    {
        var range = TimeRange.FromDates("2026-03-28", "2026-03-29", SomeZones.Find("Europe/Paris"), [])!;
        Assert.Equal("2026-03-27T23:00:00Z", Rfc3339.Format(range.From));
        Assert.Equal("2026-03-29T22:00:00Z", Rfc3339.Format(range.To));
    }

    [Theory]
    [InlineData(null, "2026-01-01", "start_date", "required"), InlineData("2026-01-01", "", "end_date", "required")]
    [InlineData("2026-02-30", "2026-03-01", "start_date", "invalid_date")]
    [InlineData("2026-1-1", "2026-03-01", "start_date", "invalid_date")]
    [InlineData("2026-01-02", "2026-01-01", "end_date", "before_start")]
    [InlineData("0001-01-01", "2026-01-01", "start_date", "out_of_range")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01", "start_date", "invalid_date")]
    [InlineData("2026-01-01", "9999-12-31", "end_date", "out_of_range")]
    public void A_wrong_date_is_named(string? start, string? end, string parameter, string code)
    {
        var problems = new List<TimeProblem>();
        Assert.Null(TimeRange.FromDates(start, end, Zones.Utc, problems));
        var problem = Assert.Single(problems);
        Assert.Equal((parameter, code), (problem.Parameter, problem.Code));
    }

    [Fact]
    public void All_problems_are_told_together()
    {
        var problems = new List<TimeProblem>();
        Assert.Null(TimeRange.FromDates("x", "y", Zones.Utc, problems));
        Assert.Null(TimeRange.FromInstants("x", "2026-01-01T00:00:00", Zones.Utc, Now, null, problems));
        Assert.Equal(["start_date", "end_date", "from", "to"], problems.Select(problem => problem.Parameter));
    }

    [Theory]
    [InlineData(null, null, "2026-11-20T10:07:23.500000Z", "2026-11-21T10:07:23.500000Z")]
    [InlineData("2026-11-01", null, "2026-10-31T23:00:00Z", "2026-11-21T10:07:23.500000Z")]
    [InlineData(null, "2026-11-02", "2026-10-31T23:00:00Z", "2026-11-01T23:00:00Z")]
    [InlineData("2026-11-01T05:00:00.25+02:00", "2026-11-01T05:00:00Z", "2026-11-01T03:00:00.250000Z", "2026-11-01T05:00:00Z")]
    public void Instants_and_dates_may_be_mixed(string? from, string? to, string first, string end)
    {
        var range = TimeRange.FromInstants(from, to, SomeZones.Find("Europe/Paris"), Now, TimeSpan.FromDays(1), [])!;
        Assert.Equal((first, end), (Rfc3339.Format(range.From), Rfc3339.Format(range.To)));
    }

    [Fact]
    public void Everything_reaches_from_the_first_possible_event_beyond_now()
    {
        var range = TimeRange.FromInstants(null, null, Zones.Utc, Now, null, [])!;
        Assert.Equal(("2000-01-01T00:00:00Z", true), (Rfc3339.Format(range.From), range.To > Now.AddMinutes(5)));
    }

    [Theory]
    [InlineData("2026-11-02", "2026-11-01", "to"), InlineData("2026-12-02", null, "from"), InlineData("2026-11-01T00:00:00", null, "from")]
    [InlineData("2026-11-01T00:00:00Z", "2200-01-01T00:00:00Z", "to")]
    public void A_wrong_instant_is_named(string? from, string? to, string parameter)
    {
        var problems = new List<TimeProblem>();
        Assert.Null(TimeRange.FromInstants(from, to, Zones.Utc, Now, TimeSpan.FromDays(1), problems));
        Assert.Equal(parameter, Assert.Single(problems).Parameter);
    }

    [Theory]
    [InlineData(nameof(Interval.Minute), 2)]
    [InlineData(nameof(Interval.Hour), 31)]
    [InlineData(nameof(Interval.Day), 1100)]
    [InlineData(nameof(Interval.Week), 1860)]
    [InlineData(nameof(Interval.Month), 7500), InlineData(nameof(Interval.Year), 18300)]
    public void As_many_days_as_the_limit_fit_and_no_more(string named, int days)
    {
        var interval = Enum.Parse<Interval>(named);
        foreach (var zone in SomeZones.Names.Select(SomeZones.Find))
        {
            var first = new DateOnly(2026, 3, 20);
            var range = new TimeRange(zone.StartOf(first), zone.StartOf(first.AddDays(days)), zone);
            Assert.True(range.Fits(interval));
            Assert.False((range with { To = zone.StartOf(first.AddDays(days + 1)) }).Fits(interval));
            var problems = new List<TimeProblem>();
            Assert.False((range with { To = range.To.AddDays(1) }).CheckFits(interval, problems));
            Assert.Equal("range_too_long", Assert.Single(problems).Code);
        }
    }

    [Fact]
    public void Forty_eight_hours_from_any_minute_fit_minutes()
    {
        var range = new TimeRange(Now, Now.AddHours(48), Zones.Utc);
        Assert.True(range.Fits(Interval.Minute));
        Assert.False((range with { To = range.To.AddSeconds(1) }).Fits(Interval.Minute));
    }

    [Fact]
    public void The_last_days_end_with_today()
    {
        var range = TimeRange.LastDays(7, SomeZones.Find("Asia/Kolkata"), Now);
        Assert.Equal("2026-11-14T18:30:00Z", Rfc3339.Format(range.From));
        Assert.Equal("2026-11-21T18:30:00Z", Rfc3339.Format(range.To));
    }

    [Theory]
    [InlineData("24h", "2026-11-20T10:08:00Z", "2026-11-21T10:08:00Z", nameof(Interval.Hour))]
    [InlineData("7d", "2026-11-14T23:00:00Z", "2026-11-21T23:00:00Z", nameof(Interval.Day))]
    [InlineData("2w", "2026-11-07T23:00:00Z", "2026-11-21T23:00:00Z", nameof(Interval.Day))]
    [InlineData("12m", "2025-11-30T23:00:00Z", "2026-11-30T23:00:00Z", nameof(Interval.Month))]
    public void A_period_ends_now_or_with_today_or_with_this_month(string text, string from, string to, string trend)
    {
        Assert.True(Period.TryParse(text, SomeZones.Find("Europe/Paris"), Now, out var period));
        Assert.Equal((from, to, trend), (Rfc3339.Format(period!.Range.From), Rfc3339.Format(period.Range.To), $"{period.Trend}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("+1d")]
    [InlineData("1.5d")]
    [InlineData("7D")]
    [InlineData("7")]
    [InlineData("7y")]
    [InlineData("1099d")]
    [InlineData("37m")]
    [InlineData("745h")]
    [InlineData("999999999999h")]
    [InlineData("7 d")]
    [InlineData("157w")]
    public void A_bad_period_is_none(string? text) => Assert.False(Period.TryParse(text, Zones.Utc, Now, out _));

    [Theory]
    [InlineData(nameof(Interval.Day), "2026-03-10", "2026-03-19", "2026-02-28", "2026-03-09")]
    [InlineData(nameof(Interval.Month), "2026-03-01", "2026-05-31", "2025-12-01", "2026-02-28")]
    [InlineData(nameof(Interval.Week), "2026-04-01", "2026-04-14", "2026-03-11", "2026-03-24")]
    [InlineData(nameof(Interval.Year), "2024-01-01", "2025-12-31", "2022-01-01", "2023-12-31")]
    [InlineData(nameof(Interval.Month), "2026-03-31", "2026-03-31", "2026-02-28", "2026-02-28")]
    [InlineData(nameof(Interval.Month), "2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28")]
    public void The_previous_period_has_as_many_calendar_buckets(
        string named, string start, string end, string previousStart, string previousEnd)
    {
        var interval = Enum.Parse<Interval>(named);
        var zone = SomeZones.Find("Europe/Paris");
        var range = TimeRange.FromDates(start, end, zone, [])!;
        Assert.Equal(TimeRange.FromDates(previousStart, previousEnd, zone, []), Comparison.PreviousPeriod(range, interval));
    }

    [Theory]
    [InlineData("Australia/Lord_Howe", "2026-04-05", nameof(Interval.Hour))]
    [InlineData("Australia/Lord_Howe", "2026-04-06", nameof(Interval.Hour))]
    [InlineData("Australia/Lord_Howe", "2026-10-04", nameof(Interval.Hour))]
    [InlineData("Australia/Lord_Howe", "2026-10-05", nameof(Interval.Hour))]
    [InlineData("Europe/Paris", "2026-10-25", nameof(Interval.Hour)), InlineData("Europe/Paris", "2026-10-26", nameof(Interval.Hour))]
    [InlineData("Asia/Beirut", "2026-03-29", nameof(Interval.Day)), InlineData("Asia/Beirut", "2026-03-29", nameof(Interval.Hour))]
    [InlineData("Asia/Beirut", "2026-03-30", nameof(Interval.Day)), InlineData("Asia/Beirut", "2026-10-25", nameof(Interval.Day))]
    public void Before_a_whole_day_are_whole_buckets_also_where_clocks_change(string zone, string date, string named)
    {
        var interval = Enum.Parse<Interval>(named);
        var range = TimeRange.FromDates(date, date, SomeZones.Find(zone), [])!;

        var before = Comparison.PreviousPeriod(range, interval);

        var buckets = Buckets.Of(before, interval);
        Assert.Equal(Buckets.Of(range, interval).Count, buckets.Count);
        Assert.Equal(range.From, before.To);
        Assert.DoesNotContain(buckets, bucket => bucket.IsCut);
    }

    [Theory]
    [InlineData("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"), InlineData("2024-02-29", "2024-02-29", "2023-02-28", "2023-02-28")]
    [InlineData("2024-02-01", "2024-02-28", "2023-02-01", "2023-02-28"), InlineData("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28")]
    public void The_previous_year_has_the_same_dates(string start, string end, string previousStart, string previousEnd)
    {
        var zone = SomeZones.Find("America/New_York");
        var range = TimeRange.FromDates(start, end, zone, [])!;
        Assert.Equal(TimeRange.FromDates(previousStart, previousEnd, zone, []), Comparison.PreviousYear(range));
    }
}
