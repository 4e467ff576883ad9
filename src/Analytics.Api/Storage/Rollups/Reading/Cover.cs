using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>Which slots are read, and into which bucket each of them goes.</summary>
abstract class Cover(Timeline timeline)
{
    public Timeline Timeline => timeline;

    /// <summary>The slots to read of runs that have cells of these grains.</summary>
    public abstract IEnumerable<(Grain Grain, int From, int To)> Ranges(Grains stored);

    /// <summary>Gives the bucket that a slot was read for in runs that have these grains; -1 for none. Slots mostly rise.</summary>
    public abstract Func<int, int> Buckets(Grains stored, Grain grain);

    /// <summary>The bucket a slot of the finest grain falls into; -1 for none.</summary>
    public abstract int BucketOf(Grain finest, int slot);

    /// <summary>Whether it reads many short times that lie apart: pages that hold several of them are taken once.</summary>
    public virtual bool IsScattered => false;

    /// <summary>
    /// Bucket by bucket, which slots of a span are read of runs that have these grains: the same text for the same slots, an empty one for
    /// none. Of many buckets it is not told.
    /// </summary>
    public virtual IReadOnlyList<string> SlotsOf(SlotSpan span, Grains stored) => [];

    /// <summary>What of the buckets no whole slot holds: it is read from raw facts.</summary>
    public virtual IReadOnlyList<Edge> Edges => [];

    /// <summary>The last slot, where the end cuts it and nothing else does, and when it ends itself; null for none.</summary>
    public virtual (Edge Cut, long End)? CutAtEnd => null;

    /// <summary>The same up to the end of that slot.</summary>
    public virtual Cover UpToSlotEnd() => this;
}

/// <summary>How long slots are that are added up together: those of days and longer ones stay the same for a day.</summary>
enum SlotSpan
{
    /// <summary>Minutes and quarter hours: they are not added up beforehand.</summary>
    Short,
    Hour,
    SixHours,
    Day,
}

static class SlotSpans
{
    extension(Grain grain)
    {
        public SlotSpan Span => grain switch
        {
            Grain.Minute or Grain.QuarterHour => SlotSpan.Short,
            Grain.Hour => SlotSpan.Hour,
            Grain.SixHours => SlotSpan.SixHours,
            _ => SlotSpan.Day,
        };
    }
}

/// <summary>A part of a bucket shorter than the finest slot, in microseconds since 1970: [From, To).</summary>
readonly record struct Edge(int Bucket, long From, long To);

/// <summary>The slots of one grain, each a bucket of its own number.</summary>
/// <param name="timeline">The slots of every grain.</param>
/// <param name="grain">Whose slots.</param>
/// <param name="ranges">Which of them, from and to, in order.</param>
sealed class SlotCover(Timeline timeline, Grain grain, IReadOnlyList<(int From, int To)> ranges) : Cover(timeline)
{
    const int Few = 8;

    readonly int[] starts = [.. ranges.Select(range => range.From)];

    public SlotCover(Timeline timeline, Grain grain, int from, int to)
        : this(timeline, grain, [(from, to)])
    {
    }

    public override bool IsScattered => ranges.Count > Few;

    public override IEnumerable<(Grain Grain, int From, int To)> Ranges(Grains stored) => stored.Has(grain)
        ? ranges.Select(range => (grain, Math.Max(0, range.From), Math.Max(0, range.To)))
        : throw new InvalidOperationException($"Runs without {grain} are not read by it: read buckets.");

    public override Func<int, int> Buckets(Grains stored, Grain read) => read == grain ? InRange : _ => -1;

    public override int BucketOf(Grain finest, int slot) => InRange(Timeline.SlotOf(grain, finest, slot));

    int InRange(int slot)
    {
        var at = Array.BinarySearch(starts, slot);
        var range = at >= 0 ? at : ~at - 1;
        return range >= 0 && slot <= ranges[range].To ? slot : -1;
    }
}

/// <summary>Slots of coarser grains counted in those of the finest.</summary>
sealed class SlotLengths(Timeline timeline, Grain finest)
{
    public int SlotOf(Grain grain, int slot) => timeline.SlotOf(grain, finest, slot);

    public bool IsStart(Grain grain, int slot) => grain == finest || SlotOf(grain, slot) != SlotOf(grain, slot - 1);

    public int StartAtOrAfter(Grain grain, int slot)
    {
        if (IsStart(grain, slot))
            return slot;
        var coarse = SlotOf(grain, slot);
        return First(slot, Longest(grain), at => SlotOf(grain, at) > coarse);
    }

    public int StartAtOrBefore(Grain grain, int slot)
    {
        if (IsStart(grain, slot))
            return slot;
        var coarse = SlotOf(grain, slot);
        return First(slot - Longest(grain), Longest(grain), at => SlotOf(grain, at) >= coarse);
    }

    /// <summary>
    /// No more finest slots than the shortest slot of the grain has: a month of 28 days, a day that clocks have cut, a week that a zone
    /// left a day out of.
    /// </summary>
    public int Shortest(Grain grain) => grain == finest ? 1 : grain switch
    {
        Grain.Hour => PerDay / 24,
        Grain.SixHours => PerDay / 4,
        Grain.Day or Grain.LocalDay => PerDay - PerDay / 6,
        Grain.Week or Grain.LocalWeek => 6 * PerDay - PerDay / 6,
        Grain.Month or Grain.LocalMonth => 27 * PerDay,
        _ => PerDay / Timeline.QuartersPerDay,
    };

    /// <summary>More finest slots than a slot of the grain has.</summary>
    int Longest(Grain grain) => grain switch
    {
        Grain.QuarterHour => PerDay / Timeline.QuartersPerDay,
        Grain.Hour => PerDay / 24,
        Grain.SixHours => PerDay / 4,
        Grain.Day or Grain.LocalDay => 2 * PerDay,
        Grain.Week or Grain.LocalWeek => 9 * PerDay,
        _ => 32 * PerDay,
    };

    /// <summary>How many finest slots a day of 24 hours has.</summary>
    int PerDay => finest switch
    {
        Grain.Minute => 1_440,
        Grain.QuarterHour => Timeline.QuartersPerDay,
        _ => 1,
    };

    /// <summary>The first slot after <paramref name="from"/> of which something is so, and stays so.</summary>
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
