using System.Runtime.InteropServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// The coarser cells of one lead, made while its finest cells go by in their order: those of some grains from the finest, every other
/// grain from the finer one below it. What is complete, because its time is over, is written at once: only the cells of the slots that
/// are going on are held as cells.
/// </summary>
sealed class CoarseCells
{
    readonly Rollup rollup;
    readonly Timeline timeline;
    readonly Grains wanted;
    readonly Level[] levels;
    readonly Stack<Cell> spare = new();
    bool isTaken;

    public CoarseCells(Rollup rollup, Timeline timeline, Grains wanted)
    {
        (this.rollup, this.timeline, this.wanted) = (rollup, timeline, wanted);
        // Finer grains come first in this order: each is complete when it is added up.
        levels = [.. (wanted & rollup.Grains.WithoutFinest).Each().Select(grain => new Level(grain, rollup.Grains.FinerThan(grain)))];
    }

    public bool IsEmpty => isTaken || levels.All(level => level.IsEmpty);

    /// <summary>The lead whose cells went by last.</summary>
    public int Lead { get; private set; }

    /// <summary>Adds a cell of the finest grain to the coarser grains that its source has no cells of.</summary>
    public void Add(CellSource cell)
    {
        if (isTaken)
            Begin();
        Lead = cell.Key.Lead;
        foreach (var level in levels)
            if (level.HasCells && timeline.SlotOf(level.Grain, rollup.Finest, cell.Key.Slot) != level.Slot)
                Close(level);
        var missing = wanted & ~cell.Grains;
        foreach (var level in levels)
            if (missing.Has(level.Grain) && !missing.Has(level.Finer))
            {
                var sum = level.CellOf(timeline.SlotOf(level.Grain, rollup.Finest, cell.Key.Slot), cell.Key.Second, spare);
                if (cell.Cell is { } whole)
                    sum.Merge(whole);
                else
                    CellFormat.Merge(cell.Bytes.Span, sum, CellParts.Everything);
            }
    }

    /// <summary>All coarser cells of the lead, sorted; good until the next lead's cells are added, which begins with none.</summary>
    public CellSource Take()
    {
        foreach (var level in levels)
            Close(level);
        isTaken = true;
        return new Written(Lead, levels, wanted);
    }

    void Begin()
    {
        isTaken = false;
        foreach (var level in levels)
            level.Forget();
    }

    /// <summary>Writes the cells of a slot that is over, and adds them to the grains that are made from it.</summary>
    void Close(Level level)
    {
        foreach (var (second, cell) in level.Close(spare))
            foreach (var coarser in levels)
                if (coarser.Finer == level.Grain)
                    coarser.CellOf(timeline.SlotOf(coarser.Grain, level.Grain, level.Slot), second, spare).Merge(cell);
    }

    /// <summary>One grain: the cells of the slot that is going on, and what was written of those before.</summary>
    sealed class Level(Grain grain, Grain finer)
    {
        readonly Dictionary<int, Cell> open = [];
        readonly List<int> seconds = [];
        readonly List<(int Slot, int Second, int Start, int Length)> done = [];
        readonly ByteWriter bytes = new(4096);

        public Grain Grain => grain;
        public Grain Finer => finer;
        public int Slot { get; private set; }
        public bool HasCells => open.Count > 0;
        public bool IsEmpty => open.Count == 0 && done.Count == 0;
        public int Count => done.Count;

        public CellKey KeyOf(int lead, int at) => new(lead, grain, done[at].Slot, done[at].Second);

        public ReadOnlyMemory<byte> BytesOf(int at) => bytes.WrittenMemory.Slice(done[at].Start, done[at].Length);

        public Cell CellOf(int slot, int second, Stack<Cell> spare)
        {
            Slot = slot;
            ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(open, second, out _);
            return cell ??= spare.TryPop(out var used) ? used : new Cell();
        }

        /// <summary>Writes the open cells; each is given back when the next is asked for. Those that add nothing are left out.</summary>
        public IEnumerable<(int Second, Cell Cell)> Close(Stack<Cell> spare)
        {
            seconds.Clear();
            seconds.AddRange(open.Keys);
            seconds.Sort();
            foreach (var second in seconds)
            {
                var cell = open[second];
                if (!cell.IsEmpty)
                {
                    yield return (second, cell);
                    var start = bytes.Length;
                    // First and last times are asked of all time only.
                    CellFormat.Write(bytes, cell, withTimes: grain == Grain.All);
                    done.Add((Slot, second, start, bytes.Length - start));
                }

                cell.Clear();
                spare.Push(cell);
            }

            open.Clear();
        }

        public void Forget()
        {
            done.Clear();
            bytes.Reset();
        }
    }

    /// <summary>The written cells, grain by grain.</summary>
    sealed class Written(int lead, Level[] levels, Grains grains) : CellSource
    {
        int level;
        int at = -1;

        public override CellKey Key => levels[level].KeyOf(lead, at);

        public override ReadOnlyMemory<byte> Bytes => levels[level].BytesOf(at);

        public override Grains Grains => grains;

        public override ValueTask<bool> ReadAsync(CancellationToken cancel)
        {
            for (at++; level < levels.Length && at == levels[level].Count; at = 0)
                level++;
            return new(level < levels.Length);
        }
    }
}
