namespace Analytics.Time;

/// <summary>The calendar buckets an answer over time can be cut into.</summary>
enum Interval
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// <summary>The names of intervals and how long a range each of them may cut up.</summary>
static class Intervals
{
    static readonly string[] Names = ["minute", "hour", "day", "week", "month", "year"];
    static readonly int[] Days = [2, 31, 1100, 1860, 7500, 18300];

    public static IReadOnlyList<Interval> All { get; } = Enum.GetValues<Interval>();

    /// <summary>The names of the intervals of a dashboard.</summary>
    public static IEnumerable<string> OfCalendars => Names[1..];

    public static string Name(this Interval interval) => Names[(int)interval];

    /// <summary>The most days a range may have, both dates counted.</summary>
    public static int MaxDays(this Interval interval) => Days[(int)interval];

    /// <summary>The interval of a dashboard, hour to year; null, and a problem told, when it is none.</summary>
    public static Interval? OfCalendar(string? text, ICollection<TimeProblem> problems)
    {
        if (TryParse(text, out var interval) && interval != Interval.Minute)
            return interval;
        problems.Add(new("interval", text is null ? "required" : "invalid", "interval must be hour, day, week, month or year."));
        return null;
    }

    public static bool TryParse(string? name, out Interval interval)
    {
        interval = (Interval)Math.Max(0, Array.IndexOf(Names, name));
        return name == interval.Name();
    }
}
