using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// Merges sorted cells of a rollup into one run: waiting deltas, stored runs, or both. Cells that come from one source only are copied
/// without being read; coarser grains that a source has none of are made from its finest cells.
/// </summary>
sealed class RunMerge(Rollup rollup, Timeline timeline, RunWriter target)
{
    readonly ByteWriter bytes = new(4096);
    readonly Cell merged = new();
    readonly PriorityQueue<CellSource, CellKey> sources = new();
    readonly CoarseCells coarse = new(rollup, timeline, target.Grains);

    /// <summary>Writes every cell of the sources to the target.</summary>
    public async Task WriteAsync(IEnumerable<CellSource> all, CancellationToken cancel)
    {
        foreach (var source in all)
            await AdvanceAsync(source, cancel);
        while (true)
        {
            if (!coarse.IsEmpty && (!sources.TryPeek(out _, out var next) || next.Lead != coarse.Lead || next.Grain != rollup.Finest))
                await AdvanceAsync(coarse.Take(), cancel);
            if (!sources.TryPeek(out _, out var key))
                return;
            await target.AddAsync(key, await TakeAsync(key, cancel), cancel);
        }
    }

    /// <summary>The merged bytes of the next key, whose sources move on.</summary>
    async ValueTask<ReadOnlyMemory<byte>> TakeAsync(CellKey key, CancellationToken cancel)
    {
        var source = Next(key);
        var (cell, written) = (source.Cell, source.Cell is null ? source.Bytes : default);
        await AdvanceAsync(source, cancel);
        if (!sources.TryPeek(out _, out var next) || next != key)
            return cell is null ? written : Written(cell, key);

        if (cell is null)
        {
            (cell = merged).Clear();
            CellFormat.Merge(written.Span, cell, CellParts.Everything);
        }

        for (; sources.TryPeek(out _, out next) && next == key; await AdvanceAsync(source, cancel))
        {
            source = Next(key);
            CellFormat.Merge(source.Bytes.Span, cell, CellParts.Everything);
        }

        return Written(cell, key);
    }

    CellSource Next(CellKey key)
    {
        var source = sources.Dequeue();
        if (key.Grain == rollup.Finest)
            coarse.Add(source);
        return source;
    }

    ReadOnlyMemory<byte> Written(Cell cell, CellKey key)
    {
        bytes.Reset();
        CellFormat.Write(bytes, cell, withTimes: key.Grain == Grain.All);
        return bytes.WrittenMemory;
    }

    async ValueTask AdvanceAsync(CellSource source, CancellationToken cancel)
    {
        if (await source.ReadAsync(cancel))
            sources.Enqueue(source, source.Key);
    }
}
