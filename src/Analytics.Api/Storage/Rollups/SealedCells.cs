using Analytics.Sketches;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// What a workspace's rollups hold of the days whose raw events are gone: people's and shares' cells before the horizon, from
/// which every other cell follows, and the first times of all time, which do not.
/// </summary>
sealed class SealedCells(NpgsqlConnection reading, int workspace, DateTime horizon)
{
    const int CellsAtOnce = 100_000;

    public async Task CopyAsync(
        Func<StoredDelta, CancellationToken, Task> add, NpgsqlConnection writing, long barrier, CancellationToken cancel)
    {
        var last = Timeline.QuarterOf((horizon.Ticks - DateTime.UnixEpoch.Ticks) / 10);
        if (last <= 0)
            return;
        var deltas = await DeltasAsync(cancel);
        await CopyAsync(RollupId.People, deltas.Select(d => d.Facts), last, facts => add(new StoredDelta(facts, []), cancel), cancel);
        await CopyAsync(
            RollupId.ShareActivity, deltas.Select(d => d.Activity), last, activity => add(new StoredDelta([], activity), cancel), cancel);
        await CopyTimesAsync(writing, last, barrier, cancel);
    }

    async Task CopyAsync(RollupId rollup, IEnumerable<byte[]> deltas, int last, Func<byte[], Task> add, CancellationToken cancel)
    {
        var cells = new SortedDictionary<(long Key, int Type), Cell>();
        foreach (var run in await RunsAsync(rollup, cancel))
        {
            var cursor = new RunCursor(reading, workspace, rollup, run);
            while (await cursor.ReadAsync(cancel))
            {
                if (CommitFacts.QuarterOf(cursor.Key) >= last)
                    continue;
                CellFormat.Merge(cursor.Cell.Span, CellOf(cells, cursor.Key, cursor.Type), CellParts.Everything);
                if (cells.Count >= CellsAtOnce)
                    await AddAsync(cells, add);
            }
        }

        foreach (var delta in deltas)
            Merge(delta, last, cells);
        await AddAsync(cells, add);
    }

    static void Merge(byte[] delta, int last, SortedDictionary<(long Key, int Type), Cell> cells)
    {
        var fact = new DeltaReader(delta);
        while (fact.Read())
            if (fact.Quarter < last)
                CellFormat.Merge(fact.Cell, CellOf(cells, fact.Key, fact.Type), CellParts.Everything);
    }

    static Cell CellOf(SortedDictionary<(long Key, int Type), Cell> cells, long key, int type)
    {
        if (!cells.TryGetValue((key, type), out var cell))
            cells.Add((key, type), cell = new Cell());
        return cell;
    }

    static async Task AddAsync(SortedDictionary<(long Key, int Type), Cell> cells, Func<byte[], Task> add)
    {
        using var bytes = new ByteWriter(64 * 1024);
        using var payload = new ByteWriter();
        var delta = new DeltaWriter(bytes, payload);
        foreach (var ((key, type), cell) in cells)
            delta.Add(key, type, cell);
        cells.Clear();
        await add(bytes.ToArray());
    }

    /// <summary>Cells of all time with nothing in them but the times of sealed days.</summary>
    async Task CopyTimesAsync(NpgsqlConnection writing, int last, long barrier, CancellationToken cancel)
    {
        var end = Timeline.Year2000 + last * Timeline.QuarterHour;
        var times = new SortedDictionary<(long Key, int Type), Cell>();
        foreach (var run in await RunsAsync(RollupId.Timeline, cancel))
        {
            var cursor = new RunCursor(reading, workspace, RollupId.Timeline, run);
            while (await cursor.ReadAsync(cancel))
                if (Timeline.LevelOf(cursor.Key) == Level.Ever)
                {
                    var whole = new Cell();
                    CellFormat.Merge(cursor.Cell.Span, whole, CellParts.Counts);
                    if (whole.First < end)
                        CellOf(times, cursor.Key, cursor.Type).Seen(whole.First, Math.Min(whole.Last, end - 1));
                }
        }

        var target = new RunWriter(writing, workspace, RollupId.Timeline);
        using var bytes = new ByteWriter();
        foreach (var ((key, type), cell) in times)
        {
            // The last time of the sealed days is not known apart; the first one is what may be older than all raw events.
            cell.Last = cell.First;
            bytes.Reset();
            CellFormat.Write(bytes, cell);
            await target.AddAsync(key, type, bytes.WrittenMemory, cancel);
        }

        await target.FinishAsync(0, 0, barrier, cancel);
    }

    async Task<List<long>> RunsAsync(RollupId rollup, CancellationToken cancel)
    {
        var runs = new List<long>();
        await using var command = new NpgsqlCommand("select run from rollup_runs where workspace_id = $1 and rollup = $2", reading);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rollup });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            runs.Add(reader.GetInt64(0));
        return runs;
    }

    async Task<List<StoredDelta>> DeltasAsync(CancellationToken cancel)
    {
        var deltas = new List<StoredDelta>();
        await using var command = new NpgsqlCommand("select data, coalesce(activity, '') from rollup_deltas where workspace_id = $1", reading);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            deltas.Add(new StoredDelta(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)));
        return deltas;
    }
}
