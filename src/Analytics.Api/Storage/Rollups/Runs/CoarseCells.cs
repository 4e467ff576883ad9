using System.Runtime.InteropServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// The coarser cells of one lead, made while its finest cells go by: those of some grains from the finest, every other grain from
/// the finer one below it.
/// </summary>
sealed class CoarseCells(Rollup rollup, Timeline timeline, Grains wanted)
{
    readonly Dictionary<Grain, Dictionary<(int Slot, int Second), Cell>> grains = [];
    readonly ByteWriter bytes = new(4096);
    readonly Grain[] order = [.. (wanted & rollup.Grains.WithoutFinest).Each()];

    public bool IsEmpty => grains.Values.All(cells => cells.Count == 0);

    /// <summary>The lead whose cells went by last.</summary>
    public int Lead { get; private set; }

    /// <summary>Adds a cell of the finest grain to the coarser grains that its source has no cells of.</summary>
    public void Add(CellSource cell)
    {
        Lead = cell.Key.Lead;
        var missing = wanted & ~cell.Grains;
        foreach (var grain in order)
            if (missing.Has(grain) && rollup.Grains.FinerThan(grain) is var finer && !missing.Has(finer))
            {
                var sum = CellOf(grain, timeline.SlotOf(grain, rollup.Finest, cell.Key.Slot), cell.Key.Second);
                if (cell.Cell is { } whole)
                    sum.Merge(whole);
                else
                    CellFormat.Merge(cell.Bytes.Span, sum, CellParts.Everything);
            }
    }

    /// <summary>All coarser cells of the lead, sorted; the next lead begins with none.</summary>
    public GatheredCells Take()
    {
        // Finer grains come first in this order, so each is complete when it is added up.
        foreach (var grain in order)
            if (rollup.Grains.FinerThan(grain) is var finer && finer != rollup.Finest && grains.TryGetValue(finer, out var cells))
                foreach (var ((slot, second), cell) in cells)
                    CellOf(grain, timeline.SlotOf(grain, finer, slot), second).Merge(cell);
        var lead = Lead;
        var all = grains.SelectMany(grain => grain.Value.Select(cell =>
            KeyValuePair.Create(new CellKey(lead, grain.Key, cell.Key.Slot, cell.Key.Second), cell.Value)));
        var taken = new GatheredCells(all, wanted, bytes);
        foreach (var cells in grains.Values)
            cells.Clear();
        return taken;
    }

    Cell CellOf(Grain grain, int slot, int second)
    {
        if (!grains.TryGetValue(grain, out var cells))
            grains.Add(grain, cells = []);
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, (slot, second), out _);
        return cell ??= new Cell();
    }
}
