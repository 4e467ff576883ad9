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

    /// <summary>What of the buckets no whole slot holds: it is read from raw facts.</summary>
    public virtual IReadOnlyList<Edge> Edges => [];
}

/// <summary>A part of a bucket shorter than the finest slot, in microseconds since 1970: [From, To).</summary>
readonly record struct Edge(int Bucket, long From, long To);

/// <summary>The slots of one grain, each a bucket of its own number.</summary>
sealed class SlotCover(Timeline timeline, Grain grain, int from, int to) : Cover(timeline)
{
    public override IEnumerable<(Grain Grain, int From, int To)> Ranges(Grains stored) => stored.Has(grain)
        ? [(grain, Math.Max(0, from), Math.Max(0, to))]
        : throw new InvalidOperationException($"Runs without {grain} are not read by it: read buckets.");

    public override Func<int, int> Buckets(Grains stored, Grain read) => read == grain ? InRange : _ => -1;

    public override int BucketOf(Grain finest, int slot) => InRange(Timeline.SlotOf(grain, finest, slot));

    int InRange(int slot) => slot >= from && slot <= to ? slot : -1;
}
