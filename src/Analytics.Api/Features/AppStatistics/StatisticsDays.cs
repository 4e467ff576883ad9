using Analytics.Time;

namespace Analytics.Features.AppStatistics;

/// <summary>Days in UTC that follow each other, by their numbers: [First, End).</summary>
readonly record struct StatisticsDays(int First, int End)
{
    /// <summary>Who used an app is one of its monthly active users on that day and the 29 after it.</summary>
    public const int Window = 30;

    /// <summary>There are no facts before it.</summary>
    static readonly int Earliest = DateOnly.FromDateTime(TimeRange.Earliest.UtcDateTime).DayNumber;

    public int Count => End - First;

    /// <summary>Whether anything can have happened until their end.</summary>
    public bool MayHold => Count > 0 && End > Earliest;

    public static StatisticsDays Of(StatisticsRequest request) =>
        new(StatisticsRules.DateOf(request.From).DayNumber, StatisticsRules.DateOf(request.To).DayNumber);

    public DateOnly DateOf(int place) => DateOnly.FromDayNumber(First + place);

    /// <summary>The days that they are compared with, as far as there are such dates: no year comes before year 1.</summary>
    public StatisticsDays? ComparedBy(string? comparison) => comparison switch
    {
        null => null,
        StatisticsRules.PreviousPeriod => new(Math.Max(0, First - Count), First),
        _ when Count == 0 => this,
        _ => new(Math.Max(0, YearBefore(First)), YearBefore(End - 1) + 1),
    };

    /// <summary>These days and those whose devices count on the first of them, a bucket each; the shift gives a bucket's place.</summary>
    public (int Shift, IReadOnlyList<Bucket> Buckets) WithWindow()
    {
        var first = First - Window + 1;
        return (Math.Max(0, Earliest - first), Days(first));
    }

    /// <summary>These days, a bucket each, after one of all that was before; the shift gives a bucket's place among the days.</summary>
    public (int Shift, IReadOnlyList<Bucket> Buckets) WithBefore() => First > Earliest
        ? (-1, [BucketOf(Earliest, First), .. Days(First)])
        : (Earliest - First, Days(First));

    List<Bucket> Days(int first)
    {
        var days = new List<Bucket>();
        for (var day = Math.Max(first, Earliest); day < End; day++)
            days.Add(BucketOf(day, day + 1));
        return days;
    }

    static Bucket BucketOf(int first, int end)
    {
        var (from, to) = (StartOf(first), StartOf(end));
        return new(from, to, from, to);
    }

    static DateTimeOffset StartOf(int day) => new(DateOnly.FromDayNumber(day), TimeOnly.MinValue, TimeSpan.Zero);

    static int YearBefore(int day) => DateOnly.FromDayNumber(day) is { Year: > 1 } date ? date.AddYears(-1).DayNumber : -1;
}
