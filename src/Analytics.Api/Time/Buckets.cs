namespace Analytics.Time;

/// <summary>
/// A calendar bucket and what a range covers of it. <see cref="Start"/> labels it also when the range begins later;
/// it holds what happened in [<see cref="From"/>, <see cref="To"/>).
/// </summary>
readonly record struct Bucket(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset From, DateTimeOffset To)
{
    public bool IsCut => From != Start || To != End;

    /// <summary>Whether it is not over yet or cut by the range.</summary>
    public bool IsPartial(DateTimeOffset now) => IsCut || End > now;
}

/// <summary>Cuts ranges into the calendar buckets of their zone: Monday weeks, days as long as they are there.</summary>
static class Buckets
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The buckets that tile the range, ascending, none of them empty.</summary>
    public static IReadOnlyList<Bucket> Of(TimeRange range, Interval interval)
    {
        var buckets = new List<Bucket>();
        DateTimeOffset? start = null;
        if (range.IsEmpty)
            return buckets;
        foreach (var end in Boundaries(range, interval))
        {
            if (start is { } from && end > from && end > range.From)
                buckets.Add(new Bucket(from, end, Later(from, range.From), Earlier(end, range.To)));
            if (end >= range.To)
                break;
            start = end;
        }
        return buckets;
    }

    /// <summary>The place of the bucket that holds an instant, -1 when none does.</summary>
    public static int IndexOf(IReadOnlyList<Bucket> buckets, DateTimeOffset instant)
    {
        int low = 0, high = buckets.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (instant < buckets[middle].From)
                high = middle - 1;
            else if (instant >= buckets[middle].To)
                low = middle + 1;
            else
                return middle;
        }
        return -1;
    }

    /// <summary>Where buckets start, from at least one before the range to at least one not inside it.</summary>
    static IEnumerable<DateTimeOffset> Boundaries(TimeRange range, Interval interval) => interval switch
    {
        Interval.Minute => Minutes(range),
        Interval.Hour => range.Zone.Hours(range.From, range.To),
        _ => Dates(range.Zone.DateOf(range.From), interval).Select(range.Zone.StartOf),
    };

    static IEnumerable<DateTimeOffset> Minutes(TimeRange range)
    {
        for (var start = new DateTimeOffset(range.From.UtcTicks / Minute.Ticks * Minute.Ticks, TimeSpan.Zero); ; start += Minute)
            yield return start;
    }

    /// <summary>The first dates of buckets, beginning a day too early: a date may start after its first quarter hour.</summary>
    static IEnumerable<DateOnly> Dates(DateOnly date, Interval interval)
    {
        for (date = FirstDate(date.AddDays(-1), interval); ; date = Add(date, interval, 1))
            yield return date;
    }

    static DateOnly FirstDate(DateOnly date, Interval interval) => interval switch
    {
        Interval.Day => date,
        Interval.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        Interval.Month => new DateOnly(date.Year, date.Month, 1),
        Interval.Year => new DateOnly(date.Year, 1, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(interval)),
    };

    /// <summary>So many intervals of days later; the last day of a month where there is no such day.</summary>
    internal static DateOnly Add(DateOnly date, Interval interval, int count) => interval switch
    {
        Interval.Day => date.AddDays(count),
        Interval.Week => date.AddDays(7 * count),
        Interval.Month => date.AddMonths(count),
        Interval.Year => date.AddYears(count),
        _ => throw new ArgumentOutOfRangeException(nameof(interval)),
    };

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
