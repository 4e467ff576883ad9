using System.Globalization;
using Analytics.Time;

namespace Analytics.Tests.Time;

public sealed class BucketsTests
{
    static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    public static TheoryData<string> ZoneNames => [.. SomeZones.Names];

    [Theory]
    [InlineData("Europe/Paris", "2026-03-29", 23), InlineData("Europe/Paris", "2026-10-25", 25), InlineData("Europe/Paris", "2026-03-30", 24)]
    [InlineData("America/New_York", "2026-03-08", 23), InlineData("America/New_York", "2026-11-01", 25), InlineData("UTC", "2026-03-29", 24)]
    [InlineData("Asia/Beirut", "2026-03-29", 23), InlineData("Asia/Beirut", "2026-10-24", 25), InlineData("Asia/Kathmandu", "2026-03-29", 24)]
    [InlineData("America/Sao_Paulo", "2018-11-04", 23), InlineData("America/Sao_Paulo", "2019-02-16", 25)]
    public void A_day_has_the_hours_it_had(string zone, string date, int hours)
    {
        var day = Dates(zone, date, date);
        Assert.Equal(hours, (day.To - day.From).TotalHours);
        Assert.Equal(hours, Buckets.Of(day, Interval.Hour).Count);
        Assert.All(Buckets.Of(day, Interval.Hour), bucket => Assert.Equal(TimeSpan.FromHours(1), bucket.End - bucket.Start));
        Assert.Single(Buckets.Of(day, Interval.Day));
    }

    [Theory]
    [InlineData("Asia/Kolkata", "2026-01-15", "2026-01-14T18:30:00Z"), InlineData("Asia/Kathmandu", "2026-01-15", "2026-01-14T18:15:00Z")]
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"), InlineData("Asia/Beirut", "2026-10-25", "2026-10-24T22:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"), InlineData("America/St_Johns", "2010-11-07", "2010-11-07T03:30:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"), InlineData("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z")]
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"), InlineData("Asia/Pyongyang", "2015-08-15", "2015-08-14T15:30:00Z")]
    public void A_date_starts_when_it_did(string zone, string date, string start) =>
        Assert.Equal(SomeZones.Utc(start), SomeZones.Find(zone).StartOf(DateOnly.Parse(date)));

    [Fact]
    public void A_date_that_was_skipped_has_no_bucket()
    {
        var starts = Buckets.Of(Dates("Pacific/Apia", "2011-12-29", "2011-12-31"), Interval.Day).Select(bucket => Rfc3339.Format(bucket.Start));
        Assert.Equal(["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"], starts);
        Assert.Empty(Buckets.Of(Dates("Pacific/Apia", "2011-12-30", "2011-12-30"), Interval.Day));
    }

    [Fact]
    public void Clocks_changed_by_half_an_hour_make_half_an_hour()
    {
        var autumn = Buckets.Of(Dates("Australia/Lord_Howe", "2026-04-05", "2026-04-05"), Interval.Hour);
        Assert.Equal(25, autumn.Count);
        var half = Assert.Single(autumn, bucket => bucket.End - bucket.Start != TimeSpan.FromHours(1));
        Assert.Equal((SomeZones.Utc("2026-04-04T15:00:00Z"), SomeZones.Utc("2026-04-04T15:30:00Z")), (half.Start, half.End));
        var spring = Buckets.Of(Dates("Australia/Lord_Howe", "2026-10-04", "2026-10-04"), Interval.Hour);
        Assert.Equal(24, spring.Count);
        half = Assert.Single(spring, bucket => bucket.End - bucket.Start != TimeSpan.FromHours(1));
        Assert.Equal((SomeZones.Utc("2026-10-03T15:30:00Z"), SomeZones.Utc("2026-10-03T16:00:00Z")), (half.Start, half.End));
    }

    [Theory, MemberData(nameof(ZoneNames))]
    public void Days_and_hours_change_where_the_clocks_say(string name)
    {
        var zone = SomeZones.Find(name);
        foreach (var change in SomeZones.Changes(zone).Append(SomeZones.Utc("2026-02-01T00:00:00Z")))
        {
            var middle = change.AddTicks(-(change.UtcTicks % Quarter.Ticks));
            var (from, to) = (middle.AddHours(-40), middle.AddHours(40));
            var range = new TimeRange(from, to, zone);
            Assert.Equal(SomeZones.Walk(zone, from, to, (local, _) => local.Date), InnerStarts(range, Interval.Day));
            Assert.Equal(SomeZones.Walk(zone, from, to, (local, offset) => (local.Date, local.Hour, offset)), InnerStarts(range, Interval.Hour));
        }
    }

    [Theory, MemberData(nameof(ZoneNames))]
    public void Longer_buckets_start_on_the_dates_the_calendar_says(string name)
    {
        var zone = SomeZones.Find(name);
        var random = new Random(71);
        for (var round = 0; round < 20; round++)
        {
            var first = new DateOnly(2000, 1, 1).AddDays(random.Next(10_000));
            var dates = Enumerable.Range(0, random.Next(2, 900)).Select(first.AddDays).ToList();
            var range = new TimeRange(zone.StartOf(first), zone.StartOf(dates[^1].AddDays(1)), zone);
            Compare(Interval.Week, date => (ISOWeek.GetYear(date), ISOWeek.GetWeekOfYear(date)));
            Compare(Interval.Month, date => (date.Year, date.Month));
            Compare(Interval.Year, date => (date.Year, 0));

            void Compare(Interval interval, Func<DateTime, (int, int)> label)
            {
                var changes = dates.Zip(dates.Skip(1), (one, next) => (one, next))
                    .Where(pair => label(pair.one.ToDateTime(default)) != label(pair.next.ToDateTime(default)))
                    .Select(pair => zone.StartOf(pair.next));
                Assert.Equal(changes, InnerStarts(range, interval));
            }
        }
    }

    [Theory, MemberData(nameof(ZoneNames))]
    public void Buckets_tile_the_range(string name)
    {
        var zone = SomeZones.Find(name);
        var random = new Random(72);
        var changes = SomeZones.Changes(zone).Append(SomeZones.Utc("2026-02-01T00:00:00Z")).ToList();
        for (var round = 0; round < 300; round++)
        {
            var interval = Intervals.All[random.Next(6)];
            var from = changes[random.Next(changes.Count)].AddSeconds(random.Next(-200_000, 200_000));
            if (random.Next(2) == 0)
                from = zone.StartOf(zone.DateOf(from));
            var to = from.AddSeconds(random.NextDouble() * Math.Min(interval.MaxDays(), 500) * 86_400);
            AssertTiles(new TimeRange(from, to, zone), interval, random);
        }
    }

    [Fact]
    public void A_week_cut_by_the_range_is_labelled_by_its_Monday_and_partial()
    {
        var weeks = Buckets.Of(Dates("Europe/Paris", "2026-04-01", "2026-04-14"), Interval.Week);
        Assert.Equal(["2026-03-29T22:00:00Z", "2026-04-05T22:00:00Z", "2026-04-12T22:00:00Z"], weeks.Select(week => Rfc3339.Format(week.Start)));
        Assert.Equal("2026-03-31T22:00:00Z", Rfc3339.Format(weeks[0].From));
        Assert.Equal("2026-04-14T22:00:00Z", Rfc3339.Format(weeks[2].To));
        Assert.Equal([true, false, true], weeks.Select(week => week.IsPartial(SomeZones.Utc("2027-01-01T00:00:00Z"))));
        Assert.Equal([true, true, true], weeks.Select(week => week.IsPartial(SomeZones.Utc("2026-04-12T21:59:59Z"))));
        Assert.Equal([true, false, true], weeks.Select(week => week.IsPartial(SomeZones.Utc("2026-04-12T22:00:00Z"))));
    }

    static void AssertTiles(TimeRange range, Interval interval, Random random)
    {
        var buckets = Buckets.Of(range, interval);
        if (range.IsEmpty)
        {
            Assert.Empty(buckets);
            return;
        }
        Assert.Equal((range.From, range.To), (buckets[0].From, buckets[^1].To));
        Assert.All(buckets, bucket => Assert.True(bucket.Start <= bucket.From && bucket.From < bucket.To && bucket.To <= bucket.End));
        Assert.All(buckets.Zip(buckets.Skip(1)), pair =>
        {
            Assert.Equal(pair.First.End, pair.Second.Start);
            Assert.Equal(pair.First.To, pair.Second.From);
        });
        Assert.All(buckets.Skip(1).SkipLast(1), bucket => Assert.False(bucket.IsCut));
        if (interval > Interval.Minute)
            Assert.All(buckets, bucket => Assert.True(bucket.Start.UtcTicks % Quarter.Ticks == 0 && bucket.End.UtcTicks % Quarter.Ticks == 0));
        var place = random.Next(buckets.Count);
        if (interval == Interval.Day)
            Assert.Equal(buckets[place].Start, range.Zone.StartOf(range.Zone.DayOf(buckets[place].From)));
        Assert.Equal(place, Buckets.IndexOf(buckets, buckets[place].From));
        Assert.Equal(place, Buckets.IndexOf(buckets, buckets[place].To.AddTicks(-1)));
        Assert.Equal(-1, Buckets.IndexOf(buckets, range.To));
    }

    static IEnumerable<DateTimeOffset> InnerStarts(TimeRange range, Interval interval) =>
        Buckets.Of(range, interval).Select(bucket => bucket.Start).Where(start => start > range.From);

    static TimeRange Dates(string zone, string from, string to) => TimeRange.FromDates(from, to, SomeZones.Find(zone), [])!;
}
