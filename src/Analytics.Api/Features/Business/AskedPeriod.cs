using System.Globalization;
using Analytics.Time;

namespace Analytics.Features.Business;

/// <summary>What time a question about the business is about, and how its trend is cut.</summary>
/// <param name="Range">The instants asked about.</param>
/// <param name="Previous">As many hours, days or months before them; as much time where they were named.</param>
/// <param name="Trend">The interval of the trend.</param>
/// <param name="Now">The present, by which buckets are over.</param>
sealed record AskedPeriod(TimeRange Range, TimeRange Previous, Interval Trend, DateTimeOffset Now)
{
    /// <summary>The buckets of the trend; none when nothing is asked about.</summary>
    public IReadOnlyList<Bucket> Buckets { get; } = Time.Buckets.Of(Range, Trend);

    /// <summary>All of it as one bucket; none when nothing is asked about.</summary>
    public IReadOnlyList<Bucket> Whole => Range.IsEmpty ? [] : [new Bucket(Range.From, Range.To, Range.From, Range.To)];

    /// <summary>
    /// How many days it has, rounded up: hours, and what is so many times 24 hours to the microsecond, by the clock; all else by the
    /// calendar, where a date is a day however clocks were changed on it.
    /// </summary>
    public int Days => Range.To - Range.From is var time && (Trend == Interval.Hour || time.Ticks % TimeSpan.TicksPerDay == 0)
        ? (int)Math.Ceiling(time.TotalDays)
        : CalendarDays();

    /// <summary>A period told by its length.</summary>
    public static AskedPeriod Of(Period period, DateTimeOffset now) => period.Trend == Interval.Hour
        ? new(period.Range, TimeBefore(period.Range), period.Trend, now)
        : new(period.Range, Comparison.PreviousPeriod(period.Range, period.Trend), period.Trend, now);

    /// <summary>A range told by its ends.</summary>
    public static AskedPeriod Of(TimeRange range, DateTimeOffset now) => new(range, TimeBefore(range), Interval.Day, now);

    /// <summary>How a trend names a bucket: hours by their instant, days and months by their first date.</summary>
    public string DateOf(Bucket bucket) => Trend == Interval.Hour
        ? Rfc3339.Format(bucket.Start)
        : Range.Zone.DayOf(bucket.Start).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static TimeRange TimeBefore(TimeRange range) => range with { From = range.From - (range.To - range.From), To = range.From };

    /// <summary>How many dates on the same time of day is not before the end.</summary>
    int CalendarDays()
    {
        var (from, to) = (Local(Range.From), Local(Range.To));
        return (int)Math.Ceiling((to - from).TotalDays);
    }

    // Where clocks skip a date's midnight (Asia/Beirut) the date starts at one o'clock.
    DateTime Local(DateTimeOffset instant)
    {
        var date = Range.Zone.DayOf(instant);
        return instant == Range.Zone.StartOf(date) ? date.ToDateTime(TimeOnly.MinValue) : Range.Zone.LocalOf(instant);
    }
}

/// <summary>The period of an answer.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Days">How many days it has, rounded up.</param>
public sealed record PeriodAnswer(DateTimeOffset From, DateTimeOffset To, int Days)
{
    internal static PeriodAnswer Of(AskedPeriod period) => new(period.Range.From, period.Range.To, period.Days);
}
