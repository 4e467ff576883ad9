using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>Cells of one rollup in the order of their keys, each key once.</summary>
abstract class CellSource
{
    public abstract CellKey Key { get; }

    /// <summary>The cell as it is written; good until the next one.</summary>
    public abstract ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The cell where it was not read from bytes; it may have times that <see cref="Bytes"/> leave out.</summary>
    public virtual Cell? Cell => null;

    /// <summary>The grains there are cells of.</summary>
    public abstract Grains Grains { get; }

    public abstract ValueTask<bool> ReadAsync(CancellationToken cancel);
}

/// <summary>The facts of a delta as cells, copied as they are: for a rollup that keeps all that the section says.</summary>
sealed class DeltaCells(byte[] delta, Rollup rollup) : CellSource
{
    DeltaReader facts = new(delta);

    public override CellKey Key => new(facts.Key.First, rollup.Finest, facts.Key.Slot, facts.Key.Second);

    public override ReadOnlyMemory<byte> Bytes => facts.Cell;

    public override Grains Grains => rollup.Grains.OnlyFinest;

    public override ValueTask<bool> ReadAsync(CancellationToken cancel) => new(facts.Read());
}

/// <summary>Cells that were added up in memory.</summary>
sealed class GatheredCells : CellSource
{
    readonly List<KeyValuePair<CellKey, Cell>> cells;
    readonly Grains grains;
    readonly ByteWriter bytes;
    int at = -1;

    /// <param name="cells">In any order; those that add nothing are left out.</param>
    /// <param name="grains">The grains they are of.</param>
    /// <param name="bytes">For one cell at a time.</param>
    public GatheredCells(IEnumerable<KeyValuePair<CellKey, Cell>> cells, Grains grains, ByteWriter bytes)
    {
        this.bytes = bytes;
        this.cells = [.. cells.Where(cell => !cell.Value.IsEmpty)];
        this.cells.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        this.grains = grains;
    }

    public override CellKey Key => cells[at].Key;

    public override Cell Cell => cells[at].Value;

    public override Grains Grains => grains;

    public override ReadOnlyMemory<byte> Bytes
    {
        get
        {
            bytes.Reset();
            // First and last times are asked of all time only.
            CellFormat.Write(bytes, Cell, withTimes: Key.Grain == Grain.All);
            return bytes.WrittenMemory;
        }
    }

    public override ValueTask<bool> ReadAsync(CancellationToken cancel) => new(++at < cells.Count);
}
