namespace Analytics.Time;

/// <summary>The ranges a range is compared with.</summary>
static class Comparison
{
    /// <summary>As many calendar buckets before the range's own, cut as they are.</summary>
    public static TimeRange PreviousPeriod(TimeRange range, Interval interval) => Back(range, interval, Buckets.Of(range, interval).Count);

    /// <summary>The same dates a year earlier.</summary>
    public static TimeRange PreviousYear(TimeRange range) => Back(range, Interval.Year, 1);

    static TimeRange Back(TimeRange range, Interval interval, int buckets) => interval switch
    {
        Interval.Minute => range with { From = range.From.AddMinutes(-buckets), To = range.To.AddMinutes(-buckets) },
        Interval.Hour => range with { From = HoursBack(range.Zone, range.From, buckets), To = HoursBack(range.Zone, range.To, buckets) },
        _ => DatesBack(range, interval, buckets),
    };

    // No hour is longer than one, but where clocks are changed by half an hour (Australia/Lord_Howe) one is shorter.
    static DateTimeOffset HoursBack(Zone zone, DateTimeOffset instant, int hours)
    {
        var starts = zone.Hours(instant.AddHours(-hours - 1), instant).TakeWhile(start => start <= instant).ToList();
        return starts[^(hours + 1)] + (instant - starts[^1]);
    }

    static TimeRange DatesBack(TimeRange range, Interval interval, int buckets)
    {
        var (zone, end) = (range.Zone, LocalOf(range.Zone, range.To));
        var from = Moved(LocalOf(zone, range.From), interval, -buckets);
        var to = Moved(end, interval, -buckets);
        // The end is excluded: February 31st as an end takes all of February in.
        if (to.Day < end.Day && interval >= Interval.Month)
            to = to.Date.AddDays(1);
        return range with { From = zone.InstantOf(from), To = zone.InstantOf(to) };
    }

    // Where clocks skip a date's midnight (Asia/Beirut) it starts at one o'clock; the date before does not.
    static DateTime LocalOf(Zone zone, DateTimeOffset instant)
    {
        var date = zone.DayOf(instant);
        return instant == zone.StartOf(date) ? date.ToDateTime(TimeOnly.MinValue) : zone.LocalOf(instant);
    }

    static DateTime Moved(DateTime local, Interval interval, int count) =>
        Buckets.Add(DateOnly.FromDateTime(local), interval, count).ToDateTime(TimeOnly.FromDateTime(local));
}
