using Analytics.Time;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Calendar buckets laid over the timeline: the coarsest level whose places all fall inside one bucket, and which bucket that is.
/// A year by day reads 365 places, not 35 040.
/// </summary>
public sealed class TimeGrid
{
    static readonly Level[] CoarsestFirst = [Level.Month, Level.LocalMonth, Level.Day, Level.LocalDay, Level.Hour, Level.Quarter];

    readonly int[] bucketOf;

    public TimeGrid(IReadOnlyList<Bucket> buckets, Timeline timeline)
        : this(Starts(buckets), timeline, CoarsestFirst.First(level =>
            (timeline.HasLocalLevels || level is not (Level.LocalDay or Level.LocalMonth))
            && Array.TrueForAll(Starts(buckets), start => IsStart(timeline, level, start))))
    {
    }

    TimeGrid(int[] starts, Timeline timeline, Level level)
    {
        Level = level;
        FirstQuarter = starts[0];
        LastQuarter = starts[^1] - 1;
        First = timeline.IndexOf(Level, FirstQuarter);
        Last = timeline.IndexOf(Level, LastQuarter);
        bucketOf = new int[Last - First + 1];
        for (var bucket = 0; bucket < starts.Length - 1; bucket++)
        {
            var from = timeline.IndexOf(Level, starts[bucket]);
            var to = timeline.IndexOf(Level, starts[bucket + 1] - 1);
            bucketOf.AsSpan(from - First, to - from + 1).Fill(bucket);
        }
    }

    /// <summary>The same in quarter hours, whatever the buckets.</summary>
    public static TimeGrid OfQuarters(IReadOnlyList<Bucket> buckets) => new(Starts(buckets), Timeline.Utc, Level.Quarter);

    public Level Level { get; }

    /// <summary>The first and last place of the range on <see cref="Level"/>.</summary>
    public int First { get; }
    public int Last { get; }

    public int FirstQuarter { get; }
    public int LastQuarter { get; }

    /// <summary>The bucket a place of <see cref="Level"/> falls into.</summary>
    public int BucketOf(int place) => bucketOf[place - First];

    static int[] Starts(IReadOnlyList<Bucket> buckets) =>
        [.. buckets.Select(bucket => QuarterOf(bucket.From)), QuarterOf(buckets[^1].To)];

    static int QuarterOf(DateTimeOffset instant) => Timeline.QuarterOf((instant.UtcTicks - DateTime.UnixEpoch.Ticks) / 10);

    static bool IsStart(Timeline timeline, Level level, int quarter) =>
        level == Level.Quarter || timeline.IndexOf(level, quarter) != timeline.IndexOf(level, quarter - 1);
}
