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
    // A flush has hardly more facts.
    const int MostKept = 1 << 18;

    readonly record struct Fact(int Delta, int Start, int Length, int Member);

    readonly record struct Times(long First, long Last);

    readonly IReadOnlyList<byte[]> deltas;
    readonly Rollup rollup;
    readonly Projection projection;
    readonly CellParts parts;
    readonly bool isCopied;
    readonly int count;
    readonly UInt128[] keys;
    readonly int[] order;
    readonly Fact[] facts;
    readonly Times[] times;
    readonly ByteWriter written = new(4096);

    // The merge still holds the one before when the next is read.
    Cell sum = new();
    Cell former = new();
    int at;
    bool isAlone;
    bool isOver;

    public ProjectedCells(IReadOnlyList<byte[]> deltas, Rollup rollup, Section section, Timeline timeline)
    {
        (this.deltas, this.rollup, projection) = (deltas, rollup, new Projection(rollup, section));
        parts = CellParts.Everything with { Set = rollup.IsSetStored || section.HasSets };
        isCopied = rollup is { Values: true, IsSetStored: false, Times: false };
        count = deltas.Sum(CountOf);
        (keys, order, facts) = (Spare<UInt128>.Arrays.Rent(count), Spare<int>.Arrays.Rent(count), Spare<Fact>.Arrays.Rent(count));
        times = rollup.Times ? Spare<Times>.Arrays.Rent(count) : [];
        var next = 0;
        for (var delta = 0; delta < deltas.Count; delta++)
            for (var fact = new DeltaReader(deltas[delta]); fact.Read(); next++)
            {
                var key = projection.KeyOf(fact.Key, timeline);
                (keys[next], order[next]) = (new UInt128((ulong)key.Place, (uint)key.Second), next);
                facts[next] = new Fact(delta, fact.CellStart, fact.Cell.Length, projection.MemberOf(fact.Key));
                if (rollup.Times)
                    times[next] = fact.HasTimes ? new(fact.FirstTime, fact.LastTime) : new(long.MaxValue, long.MinValue);
            }

        Array.Sort(keys, order, 0, count);
    }

    public override CellKey Key => new((long)(ulong)(keys[at - 1] >> 64), (int)(uint)keys[at - 1]);

    public override Grains Grains => rollup.Grains.OnlyFinest;

    public override Cell? Cell => isAlone ? null : sum;

    public override ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (isAlone)
                return BytesOf(facts[order[at - 1]]);
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
            var key = keys[at++];
            isAlone = isCopied && (at == count || keys[at] != key);
            if (isAlone)
                return new(true);
            sum.Clear();
            Add(order[at - 1]);
            for (; at < count && keys[at] == key; at++)
                Add(order[at]);
            // What takes something back may leave nothing.
            if (!sum.IsEmpty)
                return new(true);
        }

        if (!isOver)
        {
            isOver = true;
            Spare<UInt128>.Arrays.Return(keys);
            Spare<int>.Arrays.Return(order);
            Spare<Fact>.Arrays.Return(facts);
            Spare<Times>.Arrays.Return(times);
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

    void Add(int number)
    {
        projection.AddTo(sum, BytesOf(facts[number]).Span, facts[number].Member, parts);
        if (rollup.Times && times[number].Last >= times[number].First)
            sum.Seen(times[number].First, times[number].Last);
    }

    ReadOnlyMemory<byte> BytesOf(in Fact fact) => deltas[fact.Delta].AsMemory(fact.Start, fact.Length);

    /// <summary>
    /// Megabytes, for each rollup of each flush: they are used again instead of left behind. One of each size, for flushes mostly come one
    /// after the other: the shared pool would keep one for every thread that ever ended a flush.
    /// </summary>
    static class Spare<T>
    {
        public static readonly ArrayPool<T> Arrays = ArrayPool<T>.Create(MostKept, 1);
    }
}
