namespace Analytics.Time;

/// <summary>How far back ranges may go and how long they may be, by interval; what <c>/api/metrics/limits</c> answers.</summary>
/// <param name="MinDate">The first date there can be anything on.</param>
/// <param name="Intervals">The longest range of each interval.</param>
public sealed record RangeLimits(DateOnly MinDate, IReadOnlyDictionary<string, RangeLimit> Intervals)
{
    /// <summary>The limits of the intervals which the dashboard offers: those of a minute are for requests only.</summary>
    public static RangeLimits OfDashboards { get; } = new(
        DateOnly.FromDateTime(TimeRange.Earliest.UtcDateTime),
        Time.Intervals.All.Where(interval => interval != Interval.Minute)
            .ToDictionary(interval => interval.Name(), interval => new RangeLimit(interval.MaxDays())));
}

/// <summary>The most days a range may have, both dates counted.</summary>
public sealed record RangeLimit(int MaxDays);
