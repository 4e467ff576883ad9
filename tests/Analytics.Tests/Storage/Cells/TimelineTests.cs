using Analytics.Storage.Cells;
using Analytics.Tests.Time;
using Analytics.Time;

namespace Analytics.Tests.Storage.Cells;

/// <summary>Slots of every grain are numbered without gaps, and each is a whole number of finer ones.</summary>
public sealed class TimelineTests
{
    static readonly string[] Zones = ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"];

    [Theory]
    [InlineData("2000-01-01T00:00:00Z", 0, 0, 365), InlineData("2000-01-01T00:15:00Z", 1, 0, 365), InlineData("1999-12-31T23:59:59.999999Z", -1, -1, 364)]
    [InlineData("2000-01-02T01:14:59.999999Z", 100, 25, 366), InlineData("1999-12-31T00:00:00Z", -96, -24, 364), InlineData("1999-12-30T23:59:59Z", -97, -25, 363)]
    public void Slots_count_from_the_year_2000_and_days_from_the_year_before(string text, int quarter, int hour, int day)
    {
        var instant = SomeZones.Utc(text);
        var (microseconds, timeline) = (Rfc3339.Microseconds(instant), Timeline.Utc);
        Assert.Equal((quarter, quarter), (Timeline.QuarterOf(instant), Timeline.QuarterOf(microseconds)));
        foreach (var (finer, slot) in new[] { (Grain.QuarterHour, quarter), (Grain.Minute, Timeline.SlotOf(Grain.Minute, microseconds)), (Grain.Hour, hour) })
            Assert.Equal((hour, day), (timeline.SlotOf(Grain.Hour, finer, slot), timeline.SlotOf(Grain.Day, finer, slot)));
    }

    [Fact]
    public void A_slot_is_made_of_whole_finer_ones_by_whichever_way()
    {
        var random = new Random(91);
        foreach (var timeline in Zones.Select(Timeline.Of))
            for (var round = 0; round < 2_000; round++)
            {
                var quarter = random.Next(0, 1_500_000);
                var minute = (quarter * 15) + random.Next(15);
                Assert.Equal(quarter, timeline.SlotOf(Grain.QuarterHour, Grain.Minute, minute));
                foreach (var grain in Enum.GetValues<Grain>().Where(grain => grain > Grain.QuarterHour))
                    Assert.Equal(timeline.SlotOf(grain, Grain.Minute, minute), timeline.SlotOf(grain, Grain.QuarterHour, quarter));
                Assert.Equal(timeline.SlotOf(Grain.Month, Grain.Minute, minute), timeline.SlotOf(Grain.Month, Grain.Day, timeline.SlotOf(Grain.Day, Grain.Minute, minute)));
                var date = Timeline.StartOf(quarter).InZone(timeline.Zone).Date;
                Assert.Equal(
                    (Timeline.DayOf(date), Timeline.MonthOf(date)), (timeline.SlotOf(Grain.LocalDay, Grain.Minute, minute), timeline.SlotOf(Grain.LocalMonth, Grain.Minute, minute)));
            }
    }

    [Theory]
    [InlineData("1999-01-01T00:00:00Z", 0), InlineData("1999-01-03T23:59:59Z", 0), InlineData("1999-01-04T00:00:00Z", 1)]
    [InlineData("2024-12-29T23:45:00Z", 1356), InlineData("2024-12-30T00:00:00Z", 1357), InlineData("2025-01-05T23:59:59Z", 1357)]
    public void Weeks_begin_on_Mondays_whatever_the_year(string text, int week)
    {
        var quarter = Timeline.QuarterOf(SomeZones.Utc(text));
        Assert.Equal(week, Timeline.Utc.SlotOf(Grain.Week, Grain.QuarterHour, quarter));
        var auckland = Timeline.Of("Pacific/Auckland");
        Assert.Equal(week, auckland.SlotOf(Grain.LocalWeek, Grain.QuarterHour, quarter - 52));
        Assert.Equal(auckland.SlotOf(Grain.LocalWeek, Grain.QuarterHour, quarter), auckland.SlotOf(Grain.LocalWeek, Grain.Minute, quarter * 15));
    }

    [Fact]
    public void Six_hours_are_a_quarter_of_a_day_in_UTC()
    {
        for (var quarter = -96; quarter < 96; quarter++)
        {
            var slot = Timeline.Utc.SlotOf(Grain.SixHours, Grain.QuarterHour, quarter);
            Assert.Equal((quarter + 96) / 24 - 4, slot);
            Assert.Equal(slot, Timeline.Utc.SlotOf(Grain.SixHours, Grain.Hour, Timeline.Utc.SlotOf(Grain.Hour, Grain.QuarterHour, quarter)));
        }
    }

    [Fact]
    public void A_quarter_hour_starts_where_the_one_before_ends()
    {
        var random = new Random(92);
        for (var round = 0; round < 10_000; round++)
        {
            var quarter = random.Next(-1_000_000, 6_000_000);
            var start = Timeline.StartOf(quarter).ToDateTimeOffset();
            Assert.Equal((quarter, quarter - 1), (Timeline.QuarterOf(start), Timeline.QuarterOf(start.AddMicroseconds(-1))));
        }
    }
}
