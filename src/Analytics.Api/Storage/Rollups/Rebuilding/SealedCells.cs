using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// What a workspace's rollups hold of sealed days, whose raw facts are gone: of each section the cells of the rollup that keeps all it
/// says, from which every other cell follows; and the first and last times of all time, which do not.
/// </summary>
sealed class SealedCells(NpgsqlConnection reading, int workspace, long horizon)
{
    const int CellsAtOnce = 100_000;

    const string RunsSql = """
        select run, tier, first_commit, last_commit, bytes, grains
        from rollup_runs
        where workspace_id = $1
          and rollup = $2
          and section = $3
        """;

    const string DeltasSql = "select data from rollup_deltas where workspace_id = $1 and section = $2";

    /// <summary>Gives what a section's facts before the horizon come to, as deltas.</summary>
    public async Task CopyAsync(Section section, Rollup whole, Func<Section, byte[], Task> add, CancellationToken cancel)
    {
        var end = Timeline.SlotOf(section.Finest, horizon);
        var cells = new SortedDictionary<FactKey, Cell>();
        foreach (var run in await RunsAsync(whole, section, cancel))
            for (var cursor = new RunCursor(reading, workspace, whole, run, whole.Grains.WithoutFinest); await cursor.ReadAsync(cancel);)
            {
                if (cursor.Key.Slot >= end)
                    continue;
                Merge(cells, new FactKey(cursor.Key.Lead, cursor.Key.Slot, cursor.Key.Second), cursor.Bytes);
                if (cells.Count >= CellsAtOnce)
                    await GiveAsync(section, cells, add);
            }

        await reading.EachAsync(DeltasSql, [workspace, section.Id], row =>
        {
            for (var fact = new DeltaReader(row.GetFieldValue<byte[]>(0)); fact.Read();)
                if (fact.Key.Slot < end)
                    Merge(cells, fact.Key, fact.Cell);
        }, cancel);
        await GiveAsync(section, cells, add);
    }

    static void Merge(SortedDictionary<FactKey, Cell> cells, FactKey key, ReadOnlyMemory<byte> bytes)
    {
        if (!cells.TryGetValue(key, out var cell))
            cells.Add(key, cell = new Cell());
        CellFormat.Merge(bytes.Span, cell, CellParts.Everything);
    }

    static async Task GiveAsync(Section section, SortedDictionary<FactKey, Cell> cells, Func<Section, byte[], Task> add)
    {
        if (cells.Count == 0)
            return;
        using var bytes = new ByteWriter(64 * 1024);
        using var payload = new ByteWriter();
        var delta = new DeltaWriter(section, bytes, payload);
        foreach (var (key, cell) in cells)
            delta.Add(key, cell);
        cells.Clear();
        await add(section, bytes.ToArray());
    }

    /// <summary>Cells of all time with nothing but times of sealed days: the first, and the last where nothing came after.</summary>
    public async Task CopyTimesAsync(Section section, Rollup rollup, RunWriter target, CancellationToken cancel)
    {
        var times = new SortedDictionary<CellKey, Cell>();
        foreach (var run in await RunsAsync(rollup, section, cancel))
            for (var cursor = new RunCursor(reading, workspace, rollup, run, ~Grains.All); await cursor.ReadAsync(cancel);)
            {
                var whole = new Cell();
                CellFormat.Merge(cursor.Bytes.Span, whole, CellParts.Sums);
                if (whole.FirstTime >= horizon)
                    continue;
                if (!times.TryGetValue(cursor.Key, out var cell))
                    times.Add(cursor.Key, cell = new Cell());
                // Raw facts say which was the last, when it is one of them.
                cell.Seen(whole.FirstTime, whole.LastTime < horizon ? whole.LastTime : whole.FirstTime);
            }

        using var bytes = new ByteWriter();
        foreach (var (key, cell) in times)
        {
            bytes.Reset();
            CellFormat.Write(bytes, cell);
            await target.AddAsync(key, bytes.WrittenMemory, cancel);
        }
    }

    Task<List<Run>> RunsAsync(Rollup rollup, Section section, CancellationToken cancel) =>
        reading.QueryAsync(RunsSql, [workspace, rollup.Id, section.Id], RunTable.Read, cancel);
}
