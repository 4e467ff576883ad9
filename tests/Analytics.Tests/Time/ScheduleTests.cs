using System.Globalization;
using Analytics.Time;

namespace Analytics.Tests.Time;

/// <summary>Times that come again and again, on days on which clocks are changed too.</summary>
public sealed class ScheduleTests
{
    [Theory]
    // Skipped: the first instant after the gap. Beirut's days begin at one o'clock then, Lord Howe's gap is half an hour.
    [InlineData("Europe/Paris", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("Asia/Beirut", "00:00", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z")]
    [InlineData("Asia/Beirut", "00:45", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:45:00Z")]
    [InlineData("Australia/Lord_Howe", "02:15", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z")]
    // Shown twice: the first.
    [InlineData("Europe/Paris", "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("Asia/Beirut", "23:30", "2026-10-24T12:00:00Z", "2026-10-24T20:30:00Z", "2026-10-25T21:30:00Z")]
    [InlineData("Australia/Lord_Howe", "01:45", "2026-04-04T00:00:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z")]
    // A date that there was not.
    [InlineData("Pacific/Apia", "09:00", "2011-12-30T00:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T19:00:00Z")]
    public void A_day_on_which_clocks_are_changed_has_its_time_once(string zone, string at, string from, params string[] expected) =>
        Assert.Equal(expected, Times(new("day", TimeOnly.Parse(at, CultureInfo.InvariantCulture), SomeZones.Find(zone)), from, expected.Length));

    [Theory]
    [InlineData("week", "2026-03-11T00:00:00Z", "2026-03-16T08:00:00Z", "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z")]
    [InlineData("week", "2026-03-16T07:59:59Z", "2026-03-16T08:00:00Z")]
    [InlineData("week", "2026-03-16T08:00:00Z", "2026-03-23T08:00:00Z")]
    [InlineData("month", "2026-01-31T23:00:00Z", "2026-02-01T08:00:00Z", "2026-03-01T08:00:00Z", "2026-04-01T07:00:00Z")]
    [InlineData("month", "2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z")]
    public void A_week_has_its_time_on_Monday_and_a_month_on_the_1st(string every, string from, params string[] expected) =>
        Assert.Equal(expected, Times(new(every, new TimeOnly(9, 0), SomeZones.Find("Europe/Paris")), from, expected.Length));

    [Theory, InlineData("Europe/Paris"), InlineData("Asia/Beirut"), InlineData("Australia/Lord_Howe"), InlineData("America/St_Johns"), InlineData("Asia/Kathmandu")]
    public void It_is_when_the_clocks_reach_the_time_for_the_first_time(string name)
    {
        var zone = SomeZones.Find(name);
        var (begin, end) = (SomeZones.Utc("2026-01-01T12:00:00Z"), SomeZones.Utc("2027-01-01T12:00:00Z"));
        foreach (var at in (TimeOnly[])[new(0, 0), new(0, 20), new(1, 45), new(2, 10), new(2, 59), new(23, 30)])
        {
            var times = new List<DateTimeOffset>();
            var schedule = new Schedule("day", at, zone);
            for (var time = schedule.NextAfter(begin); time < end; time = schedule.NextAfter(time))
                times.Add(time);

            Assert.Equal(Reached(zone, at, begin, end), times);
        }
    }

    [Fact]
    public void Of_times_that_went_by_the_last_counts()
    {
        var schedule = new Schedule("day", new TimeOnly(9, 0), SomeZones.Find("Europe/Paris"));
        var first = SomeZones.Utc("2026-03-27T08:00:00Z");
        foreach (var (now, last) in new[]
            {
                ("2026-03-27T08:00:00Z", "2026-03-27T08:00:00Z"), ("2026-03-28T07:59:59Z", "2026-03-27T08:00:00Z"),
                ("2026-03-29T07:00:00Z", "2026-03-29T07:00:00Z"), ("2026-04-10T12:00:00Z", "2026-04-10T07:00:00Z"),
            })
            Assert.Equal(SomeZones.Utc(last), schedule.LastBy(first, SomeZones.Utc(now)));
    }

    /// <summary>Minute by minute: when the clocks show a time of a date, or more, and did not before.</summary>
    static List<DateTimeOffset> Reached(Zone zone, TimeOnly at, DateTimeOffset begin, DateTimeOffset end)
    {
        var reached = new List<DateTimeOffset>();
        var next = DateOnly.FromDateTime(zone.LocalOf(begin)).ToDateTime(at);
        if (next <= zone.LocalOf(begin))
            next = next.AddDays(1);
        for (var minute = begin.AddMinutes(1); minute < end; minute = minute.AddMinutes(1))
            if (zone.LocalOf(minute) >= next)
            {
                reached.Add(minute);
                next = next.AddDays(1);
            }

        return reached;
    }

    static IEnumerable<string> Times(Schedule schedule, string from, int count)
    {
        var time = SomeZones.Utc(from);
        for (var n = 0; n < count; n++)
            yield return Rfc3339.Format(time = schedule.NextAfter(time));
    }
}
