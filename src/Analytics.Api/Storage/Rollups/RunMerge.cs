using Analytics.Sketches;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>Merges stored runs of a rollup into one. Cells that stand in one run only are copied without being read.</summary>
sealed class RunMerge(NpgsqlConnection connection, int workspace, RollupId rollup)
{
    readonly ByteWriter bytes = new(4096);

    /// <summary>Where days are added up of the runs that have none yet.</summary>
    public (PersonDays Target, IReadOnlySet<long> Runs)? Days { get; init; }

    /// <summary>
    /// Writes every cell of <paramref name="runs"/> to <paramref name="target"/>. With <paramref name="newZone"/> the local
    /// levels are left out and made again from the quarter hours.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<long> runs, RunWriter target, Timeline? newZone, CancellationToken cancel)
    {
        var cursors = new PriorityQueue<RunCursor, (long Key, int Type)>();
        foreach (var run in runs)
            await AdvanceAsync(cursors, new RunCursor(connection, workspace, rollup, run), cancel);

        var local = new SortedDictionary<(long Key, int Type), Cell>();
        while (cursors.TryPeek(out _, out var next))
        {
            if (newZone is not null && Timeline.LevelOf(next.Key) > Level.LocalMonth)
                await WriteLocalAsync(target, local, cancel);
            var cell = await TakeAsync(cursors, next, cancel);
            var level = Timeline.LevelOf(next.Key);
            if (newZone is null || level is not (Level.LocalDay or Level.LocalMonth))
                await target.AddAsync(next.Key, next.Type, cell, cancel);
            if (newZone is { HasLocalLevels: true } && level == Level.Quarter)
                AddLocal(local, newZone, next, cell);
        }

        await WriteLocalAsync(target, local, cancel);
    }

    /// <summary>The merged bytes of the next key, whose cursors move on.</summary>
    async ValueTask<ReadOnlyMemory<byte>> TakeAsync(
        PriorityQueue<RunCursor, (long Key, int Type)> cursors, (long Key, int Type) key, CancellationToken cancel)
    {
        var cursor = cursors.Dequeue();
        var first = cursor.Cell;
        await AddToDaysAsync(cursor, cancel);
        await AdvanceAsync(cursors, cursor, cancel);
        if (!cursors.TryPeek(out _, out var next) || next != key)
            return first;

        var merged = new Cell();
        CellFormat.Merge(first.Span, merged, CellParts.Everything);
        while (cursors.TryPeek(out _, out next) && next == key)
        {
            cursor = cursors.Dequeue();
            await AddToDaysAsync(cursor, cancel);
            CellFormat.Merge(cursor.Cell.Span, merged, CellParts.Everything);
            await AdvanceAsync(cursors, cursor, cancel);
        }

        bytes.Reset();
        CellFormat.Write(bytes, merged);
        return bytes.WrittenMemory;
    }

    ValueTask AddToDaysAsync(RunCursor cursor, CancellationToken cancel) => Days is { } days && days.Runs.Contains(cursor.Run)
        ? days.Target.AddAsync(cursor.Key, cursor.Type, cursor.Cell, cancel)
        : ValueTask.CompletedTask;

    static async ValueTask AdvanceAsync(
        PriorityQueue<RunCursor, (long Key, int Type)> cursors, RunCursor cursor, CancellationToken cancel)
    {
        if (await cursor.ReadAsync(cancel))
            cursors.Enqueue(cursor, (cursor.Key, cursor.Type));
    }

    static void AddLocal(
        SortedDictionary<(long Key, int Type), Cell> local, Timeline zone, (long Key, int Type) quarter, ReadOnlyMemory<byte> cell)
    {
        var day = zone.IndexOf(Level.LocalDay, Timeline.IndexOf(quarter.Key));
        Span<long> keys = [Timeline.Key(Level.LocalDay, day), Timeline.Key(Level.LocalMonth, zone.IndexFromFiner(Level.LocalMonth, day))];
        foreach (var key in keys)
        {
            if (!local.TryGetValue((key, quarter.Type), out var sum))
                local.Add((key, quarter.Type), sum = new Cell());
            CellFormat.Merge(cell.Span, sum, CellParts.Everything);
        }
    }

    async Task WriteLocalAsync(RunWriter target, SortedDictionary<(long Key, int Type), Cell> local, CancellationToken cancel)
    {
        foreach (var ((key, type), cell) in local)
        {
            bytes.Reset();
            CellFormat.Write(bytes, cell);
            await target.AddAsync(key, type, bytes.WrittenMemory, cancel);
        }

        local.Clear();
    }
}
