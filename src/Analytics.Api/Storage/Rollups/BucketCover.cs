using Analytics.Time;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Calendar buckets laid over the timeline: each bucket is covered by as few places as possible, coarse ones inside and fine ones
/// at its edges. A year by day reads 365 places, not 35 040; a day that begins at a quarter past reads 23 hours and 4 quarters.
/// </summary>
sealed class BucketCover
{
    // Of each pair the one that covers more of a bucket is used: the workspace's own days, or those of UTC.
    static readonly Level[][] All = [[Level.Month, Level.LocalMonth], [Level.Day, Level.LocalDay], [Level.Hour], [Level.Quarter]];
    static readonly Level[][] OfPeople = [[Level.Day, Level.LocalDay], [Level.Quarter]];

    readonly Timeline timeline;
    readonly Level[][] coarsestFirst;
    readonly int[] starts;
    readonly Dictionary<Level, Dictionary<int, int>> bucketOf = [];

    /// <param name="buckets">The buckets, in order and without gaps.</param>
    /// <param name="timeline">The zone of local days.</param>
    /// <param name="ofPeople">Whether it is laid over people's time, which knows days and quarter hours only.</param>
    public BucketCover(IReadOnlyList<Bucket> buckets, Timeline timeline, bool ofPeople = false)
    {
        this.timeline = timeline;
        coarsestFirst = ofPeople ? OfPeople : All;
        starts = [.. buckets.Select(bucket => Timeline.QuarterOf(bucket.From)), Timeline.QuarterOf(buckets[^1].To)];
        for (var bucket = 0; bucket < buckets.Count; bucket++)
            Cover(starts[bucket], starts[bucket + 1], bucket, 0);
    }

    public int FirstQuarter => starts[0];
    public int LastQuarter => starts[^1] - 1;

    /// <summary>The levels that are read.</summary>
    public IEnumerable<Level> Levels => bucketOf.Keys;

    /// <summary>The places to read of a level, as ranges; short gaps between them are read over.</summary>
    public IEnumerable<(int From, int To)> RangesOf(Level level)
    {
        const int ShortGap = 4;
        // Nothing is older than the timeline, but the first days of zones ahead of UTC begin before it.
        var places = bucketOf[level].Keys.Where(place => place >= 0).Order().ToArray();
        if (places.Length == 0)
            yield break;
        var from = places[0];
        for (var at = 1; at <= places.Length; at++)
        {
            if (at < places.Length && places[at] - places[at - 1] <= ShortGap)
                continue;
            yield return (from, places[at - 1]);
            if (at < places.Length)
                from = places[at];
        }
    }

    /// <summary>The bucket a place is read for; -1 for one that lies in a gap.</summary>
    public int BucketOf(Level level, int place) => bucketOf[level].GetValueOrDefault(place, -1);

    /// <summary>The bucket a quarter hour falls into; -1 outside the range.</summary>
    public int BucketOf(int quarter)
    {
        var at = Array.BinarySearch(starts, quarter);
        var bucket = at >= 0 ? at : ~at - 1;
        return bucket >= starts.Length - 1 ? -1 : bucket;
    }

    void Cover(int from, int to, int bucket, int coarsest)
    {
        if (from >= to)
            return;
        for (var step = coarsest; ; step++)
        {
            var (level, first, end) = coarsestFirst[step]
                .Where(level => timeline.HasLocalLevels || level is not (Level.LocalDay or Level.LocalMonth))
                .Select(level => (Level: level, First: StartAtOrAfter(level, from), End: StartAtOrBefore(level, to)))
                .MaxBy(inside => inside.End - inside.First);
            if (first >= end)
                continue;
            Add(level, first, end, bucket);
            Cover(from, first, bucket, step + 1);
            Cover(end, to, bucket, step + 1);
            return;
        }
    }

    void Add(Level level, int first, int end, int bucket)
    {
        if (!bucketOf.TryGetValue(level, out var places))
            bucketOf.Add(level, places = []);
        for (var place = timeline.IndexOf(level, first); place <= timeline.IndexOf(level, end - 1); place++)
            places[place] = bucket;
    }

    bool IsStart(Level level, int quarter) =>
        level == Level.Quarter || timeline.IndexOf(level, quarter) != timeline.IndexOf(level, quarter - 1);

    int StartAtOrAfter(Level level, int quarter)
    {
        if (IsStart(level, quarter))
            return quarter;
        var place = timeline.IndexOf(level, quarter);
        return First(quarter, Longest(level), at => timeline.IndexOf(level, at) > place);
    }

    int StartAtOrBefore(Level level, int quarter)
    {
        if (IsStart(level, quarter))
            return quarter;
        var place = timeline.IndexOf(level, quarter);
        return First(quarter - Longest(level), Longest(level), at => timeline.IndexOf(level, at) >= place);
    }

    static int Longest(Level level) => level switch
    {
        Level.Hour => 4,
        Level.Day or Level.LocalDay => 2 * Timeline.QuartersPerDay,
        _ => 32 * Timeline.QuartersPerDay,
    };

    /// <summary>The first quarter hour after <paramref name="from"/> of which something is so, and stays so.</summary>
    static int First(int from, int within, Predicate<int> isSo)
    {
        var (low, high) = (from, from + within);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (isSo(middle))
                high = middle;
            else
                low = middle;
        }

        return high;
    }
}
