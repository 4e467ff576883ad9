using System.Globalization;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Time;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>
/// Calendar buckets laid over a rollup's slots: each bucket is covered by as few slots as possible, coarse ones inside and fine ones
/// at its edges. A year by day reads 365 slots, not 35 040; a day that begins at a quarter past reads 23 hours and 4 quarters. What
/// is cut within a finest slot is an edge.
/// </summary>
sealed class BucketCover : Cover
{
    // Of each step the grain that covers more of a bucket is used, the workspace's own days or those of UTC: its own wherever a bucket
    // begins or ends with one, though the clocks may have made it shorter.
    static readonly Grain[][] Steps =
    [
        [Grain.Month, Grain.LocalMonth], [Grain.Week, Grain.LocalWeek], [Grain.Day, Grain.LocalDay], [Grain.SixHours], [Grain.Hour],
        [Grain.QuarterHour], [Grain.Minute],
    ];

    const int FewBuckets = 8;

    readonly IReadOnlyList<Bucket> buckets;
    readonly Rollup rollup;
    readonly Grain finest;
    readonly SlotLengths lengths;
    readonly int shortGap;
    readonly (int From, int To)[] whole;
    readonly int[] starts;
    readonly List<Edge> edges = [];
    readonly Dictionary<Grains, Dictionary<Grain, List<Piece>>> bySet = [];

    /// <summary>Slots [First, Last] of a grain, all in one bucket.</summary>
    readonly record struct Piece(int First, int Last, int Bucket);

    /// <param name="buckets">The buckets, in order and without gaps.</param>
    /// <param name="timeline">The zone of local days.</param>
    /// <param name="rollup">What is read by it.</param>
    public BucketCover(IReadOnlyList<Bucket> buckets, Timeline timeline, Rollup rollup) : base(timeline)
    {
        // Looking a range up costs as much as stepping over a page: that holds some slots, or a few with many cells each.
        var isOfMany = rollup.Second != Dimension.None && (rollup.IsDense || rollup.Second == Dimension.Person);
        (this.buckets, this.rollup, finest, shortGap) = (buckets, rollup, rollup.Finest, isOfMany ? 4 : 20);
        lengths = new(timeline, finest);
        whole = [.. buckets.Select((bucket, at) => WholeSlots(at, Rfc3339.Microseconds(bucket.From), Rfc3339.Microseconds(bucket.To)))];
        starts = [.. whole.Select(slots => slots.From), whole[^1].To];
    }

    public override IReadOnlyList<Edge> Edges => edges;

    public override (Edge Cut, long End)? CutAtEnd
    {
        get
        {
            if (edges is not [.., var last] || last.To != Rfc3339.Microseconds(buckets[^1].To))
                return null;
            var slot = Timeline.SlotOf(finest, last.From);
            return Timeline.StartOf(finest, slot) == last.From ? (last, Timeline.StartOf(finest, slot + 1)) : null;
        }
    }

    public override Cover UpToSlotEnd()
    {
        if (CutAtEnd is not var (_, end))
            return this;
        Bucket[] longer = [.. buckets];
        longer[^1] = longer[^1] with { To = DateTimeOffset.UnixEpoch.AddTicks(end * TimeSpan.TicksPerMicrosecond) };
        return new BucketCover(longer, Timeline, rollup);
    }

    public override IReadOnlyList<string> SlotsOf(SlotSpan span, Grains stored)
    {
        if (buckets.Count > FewBuckets)
            return [];
        var slots = Of(stored).Where(pieces => pieces.Key.Span == span)
            .SelectMany(pieces => pieces.Value.Select(piece => (Grain: pieces.Key, Piece: piece)))
            .ToLookup(one => one.Piece.Bucket, one => string.Create(
                CultureInfo.InvariantCulture, $"{(int)one.Grain}:{one.Piece.First}-{one.Piece.Last}"));
        return [.. buckets.Select((_, at) => string.Join(' ', slots[at]))];
    }

    /// <summary>Short gaps between slots are read over.</summary>
    public override IEnumerable<(Grain Grain, int From, int To)> Ranges(Grains stored)
    {
        foreach (var (grain, pieces) in Of(stored))
            for (int first = 0, at = 1; at <= pieces.Count; at++)
                if (at == pieces.Count || pieces[at].First - pieces[at - 1].Last > shortGap)
                {
                    // Nothing is older than the timeline, but the first days of zones ahead of UTC begin before it.
                    if (pieces[at - 1].Last >= 0)
                        yield return (grain, Math.Max(0, pieces[first].First), pieces[at - 1].Last);
                    first = at;
                }
    }

    public override Func<int, int> Buckets(Grains stored, Grain grain)
    {
        if (!Of(stored).TryGetValue(grain, out var pieces))
            return _ => -1;
        var at = 0;
        return slot =>
        {
            if (pieces[at].First > slot)
                at = 0;
            if (pieces[at].Last < slot && (at == pieces.Count - 1 || pieces[at + 1].Last < slot))
                at = IndexOf(pieces, slot);
            else if (pieces[at].Last < slot)
                at++;
            return pieces[at].First <= slot && pieces[at].Last >= slot ? pieces[at].Bucket : -1;
        };
    }

    /// <summary>The first piece that does not end before a slot; the last one when all do.</summary>
    static int IndexOf(List<Piece> pieces, int slot)
    {
        var (low, high) = (0, pieces.Count - 1);
        while (low < high)
            if (pieces[(low + high) / 2].Last < slot)
                low = ((low + high) / 2) + 1;
            else
                high = (low + high) / 2;
        return low;
    }

    public override int BucketOf(Grain grain, int slot)
    {
        var at = Array.BinarySearch(starts, slot);
        var bucket = at >= 0 ? at : ~at - 1;
        while (bucket >= 0 && bucket < whole.Length - 1 && whole[bucket].To <= slot && whole[bucket + 1].From <= slot)
            bucket++; // buckets without a whole slot
        return bucket >= 0 && bucket < whole.Length && slot >= whole[bucket].From && slot < whole[bucket].To ? bucket : -1;
    }

    /// <summary>The whole slots of a bucket; what is cut of others becomes edges.</summary>
    (int From, int To) WholeSlots(int bucket, long from, long to)
    {
        var (first, end) = (Timeline.SlotOf(finest, from), Timeline.SlotOf(finest, to));
        if (StartOf(first) < from)
            first++;
        if (first >= end && StartOf(first) != StartOf(end))
        {
            if (from < to)
                edges.Add(new Edge(bucket, from, to));
            return (first, first);
        }

        if (from < StartOf(first) && from < to)
            edges.Add(new Edge(bucket, from, Math.Min(to, StartOf(first))));
        if (to > StartOf(end) && to > StartOf(first))
            edges.Add(new Edge(bucket, Math.Max(from, StartOf(end)), to));
        return (first, Math.Max(first, end));

        long StartOf(int slot) => Timeline.StartOf(finest, slot);
    }

    Dictionary<Grain, List<Piece>> Of(Grains stored)
    {
        if (bySet.TryGetValue(stored, out var cover))
            return cover;
        bySet.Add(stored, cover = []);
        var steps = Steps.Select(step => Array.FindAll(step, grain => stored.Has(grain))).Where(step => step.Length > 0).ToArray();
        for (var bucket = 0; bucket < whole.Length; bucket++)
            Add(cover, steps, whole[bucket].From, whole[bucket].To, bucket);
        return cover;
    }

    void Add(Dictionary<Grain, List<Piece>> cover, ReadOnlySpan<Grain[]> steps, int from, int to, int bucket)
    {
        if (from >= to)
            return;
        for (var step = 0; ; step++)
        {
            if (to - from < lengths.Shortest(steps[step][0]))
                continue;
            var (grain, first, end) = steps[step]
                .Select(grain => (Grain: grain, First: lengths.StartAtOrAfter(grain, from), End: lengths.StartAtOrBefore(grain, to)))
                .MaxBy(inside => inside.First < inside.End && IsOwn(inside.Grain, from, to) ? int.MaxValue : inside.End - inside.First);
            if (first >= end)
                continue;
            if (!cover.TryGetValue(grain, out var pieces))
                cover.Add(grain, pieces = []);
            pieces.Add(new Piece(lengths.SlotOf(grain, first), lengths.SlotOf(grain, end - 1), bucket));
            Add(cover, steps[(step + 1)..], from, first, bucket);
            Add(cover, steps[(step + 1)..], end, to, bucket);
            return;
        }
    }

    bool IsOwn(Grain grain, int from, int to) =>
        Grains.Local.Has(grain) && (lengths.IsStart(Grain.LocalDay, from) || lengths.IsStart(Grain.LocalDay, to));
}
