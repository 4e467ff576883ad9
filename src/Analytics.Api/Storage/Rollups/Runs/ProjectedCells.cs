using System.Buffers;
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
    readonly Fact[] facts;
    readonly int[] order;
    readonly int count;
    readonly ByteWriter written = new(4096);

    // The merge still holds the one before when the next is read.
    Cell sum = new();
    Cell former = new();
    int at;
    bool isAlone;
    bool isOver;

    public ProjectedCells(IReadOnlyList<byte[]> deltas, Rollup rollup, Section section, Timeline timeline)
    {
        (this.rollup, projection) = (rollup, new Projection(rollup, section));
        parts = CellParts.Everything with { Set = rollup.IsSetStored || section.HasSets };
        isCopied = rollup is { Values: true, IsSetStored: false, Times: false };
        // Megabytes, for each rollup of each flush: they are used again instead of left behind.
        count = deltas.Sum(CountOf);
        facts = ArrayPool<Fact>.Shared.Rent(count);
        var next = 0;
        foreach (var delta in deltas)
            for (var fact = new DeltaReader(delta); fact.Read();)
                facts[next++] = new Fact(
                    projection.KeyOf(fact.Key, timeline), projection.MemberOf(fact.Key), fact.Cell,
                    fact.HasTimes ? fact.FirstTime : long.MaxValue, fact.HasTimes ? fact.LastTime : long.MinValue);

        order = ArrayPool<int>.Shared.Rent(count);
        var keys = ArrayPool<UInt128>.Shared.Rent(count);
        for (var place = 0; place < count; place++)
            (order[place], keys[place]) = (place, new UInt128((ulong)facts[place].Key.Place, (uint)facts[place].Key.Second));
        Array.Sort(keys, order, 0, count);
        ArrayPool<UInt128>.Shared.Return(keys);
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
        while (at < count)
        {
            var first = facts[order[at++]];
            isAlone = isCopied && (at == count || facts[order[at]].Key != first.Key);
            if (isAlone)
                return new(true);
            sum.Clear();
            Add(first);
            for (; at < count && facts[order[at]].Key == first.Key; at++)
                Add(facts[order[at]]);
            // What takes something back may leave nothing.
            if (!sum.IsEmpty)
                return new(true);
        }

        if (!isOver)
        {
            isOver = true;
            ArrayPool<Fact>.Shared.Return(facts, clearArray: true);
            ArrayPool<int>.Shared.Return(order);
        }

        return new(false);
    }

    static int CountOf(byte[] delta)
    {
        var found = 0;
        for (var fact = new DeltaReader(delta); fact.Read();)
            found++;
        return found;
    }

    void Add(in Fact fact)
    {
        projection.AddTo(sum, fact.Cell.Span, fact.Member, parts);
        if (rollup.Times && fact.LastTime >= fact.FirstTime)
            sum.Seen(fact.FirstTime, fact.LastTime);
    }
}
