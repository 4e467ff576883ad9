using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// What the facts of some deltas come to in a rollup: sorted by the rollup's keys, and added up where several have the same. A fact that
/// is alone under its key is copied as it is, when the rollup keeps all that it says: most are.
/// </summary>
sealed class ProjectedCells : CellSource
{
    readonly record struct Fact(CellKey Key, int Member, ReadOnlyMemory<byte> Cell, long FirstTime, long LastTime);

    readonly Rollup rollup;
    readonly Projection projection;
    readonly CellParts parts;
    readonly bool isCopied;
    readonly List<Fact> facts = [];
    readonly int[] order;
    readonly ByteWriter written = new(4096);

    // The merge still holds the one before when the next is read.
    Cell sum = new();
    Cell former = new();
    int at;
    bool isAlone;

    public ProjectedCells(IEnumerable<byte[]> deltas, Rollup rollup, Section section, Timeline timeline)
    {
        (this.rollup, projection) = (rollup, new Projection(rollup, section));
        parts = CellParts.Everything with { Set = rollup.IsSetStored };
        isCopied = rollup is { Values: true, IsSetStored: false, Times: false };
        foreach (var delta in deltas)
            for (var fact = new DeltaReader(delta); fact.Read();)
                facts.Add(new Fact(
                    projection.KeyOf(fact.Key, timeline), projection.MemberOf(fact.Key), fact.Cell,
                    fact.HasTimes ? fact.FirstTime : long.MaxValue, fact.HasTimes ? fact.LastTime : long.MinValue));

        order = new int[facts.Count];
        var keys = new UInt128[facts.Count];
        for (var place = 0; place < order.Length; place++)
            (order[place], keys[place]) = (place, new UInt128((ulong)facts[place].Key.Place, (uint)facts[place].Key.Second));
        Array.Sort(keys, order);
    }

    public override CellKey Key => facts[order[at - 1]].Key;

    public override Grains Grains => rollup.Grains.OnlyFinest;

    public override Cell? Cell => isAlone ? null : sum;

    public override ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (isAlone)
                return facts[order[at - 1]].Cell;
            written.Reset();
            CellFormat.Write(written, sum, withTimes: false);
            return written.WrittenMemory;
        }
    }

    public override ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        (sum, former) = (former, sum);
        while (at < order.Length)
        {
            var first = facts[order[at++]];
            isAlone = isCopied && (at == order.Length || facts[order[at]].Key != first.Key);
            if (isAlone)
                return new(true);
            sum.Clear();
            Add(first);
            for (; at < order.Length && facts[order[at]].Key == first.Key; at++)
                Add(facts[order[at]]);
            // What takes something back may leave nothing.
            if (!sum.IsEmpty)
                return new(true);
        }

        return new(false);
    }

    void Add(in Fact fact)
    {
        projection.AddTo(sum, fact.Cell.Span, fact.Member, parts);
        if (rollup.Times && fact.LastTime >= fact.FirstTime)
            sum.Seen(fact.FirstTime, fact.LastTime);
    }
}
