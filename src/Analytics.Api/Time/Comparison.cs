namespace Analytics.Time;

/// <summary>The ranges a range is compared with.</summary>
public static class Comparison
{
    /// <summary>As many calendar buckets before the range's own, cut as they are.</summary>
    public static TimeRange PreviousPeriod(TimeRange range, Interval interval) =>
        Shift(range, interval, -Buckets.Of(range, interval).Count);

    /// <summary>The same dates a year earlier.</summary>
    public static TimeRange PreviousYear(TimeRange range) => Shift(range, Interval.Year, -1);

    /// <summary>The range moved by so many buckets: minutes and hours as time passes, longer ones as the calendar says.</summary>
    public static TimeRange Shift(TimeRange range, Interval interval, int buckets)
    {
        if (interval <= Interval.Hour)
        {
            var passed = (interval == Interval.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1)) * buckets;
            return range with { From = range.From + passed, To = range.To + passed };
        }
        var zone = range.Zone;
        var from = Moved(zone.LocalOf(range.From), interval, buckets);
        var to = Moved(zone.LocalOf(range.To), interval, buckets);
        // The end is excluded: February 31st as an end takes all of February in.
        if (to.Day < zone.LocalOf(range.To).Day && interval >= Interval.Month)
            to = to.Date.AddDays(1);
        return range with { From = zone.InstantOf(from), To = zone.InstantOf(to) };
    }

    static DateTime Moved(DateTime local, Interval interval, int count) =>
        Buckets.Add(DateOnly.FromDateTime(local), interval, count).ToDateTime(TimeOnly.FromDateTime(local));
}
