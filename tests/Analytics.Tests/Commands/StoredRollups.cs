using Analytics.Sketches;
using Analytics.Storage.Rollups;
using Npgsql;

namespace Analytics.Tests.Commands;

/// <summary>A cell or a waiting fact, taken out of its page or delta, to be changed and put back by the writers of the project.</summary>
sealed record StoredCell(long Key, int Type, Cell Cell);

/// <summary>Takes rollups apart and puts them back, valid but not what the events say.</summary>
sealed class StoredRollups(NpgsqlDataSource store, int workspace)
{
    /// <summary>Keeps the service from folding what is there, so that a fault stays where a test made it.</summary>
    public Task FreezeAsync() => RunAsync($"update workspace_seq set barrier = {long.MaxValue} where workspace_id = $1");

    /// <summary>Folds everything that waits, people's days too, and keeps the service from touching what came of it.</summary>
    public async Task FoldAsync()
    {
        await RunAsync("update workspace_seq set barrier = null where workspace_id = $1");
        await Until.HoldsAsync(
            async () => await new Compaction(store, workspace) { MinBytesForDays = 0 }.RunAsync(default) == Compaction.Outcome.Done,
            "There is no compaction.");
        await FreezeAsync();
    }

    public async Task<int> RunAsync(string sql)
    {
        await using var command = store.CreateCommand(sql);
        command.Parameters.Add(new() { Value = workspace });
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Folds everything into one run of the rollup with its cells edited, in the order of their keys.</summary>
    public async Task EditRunAsync(RollupId rollup, Action<List<StoredCell>> edit)
    {
        await FoldAsync();
        await using var connection = await store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var cells = await CellsAsync(connection, rollup);
        edit(cells);
        await using var clear = new NpgsqlCommand(
            $"""
            delete from rollup_pages where workspace_id = {workspace} and rollup = {(short)rollup};
            delete from rollup_runs where workspace_id = {workspace} and rollup = {(short)rollup}
            """, connection);
        await clear.ExecuteNonQueryAsync();
        var run = new RunWriter(connection, workspace, rollup) { HasDays = rollup == RollupId.People };
        foreach (var (key, type, cell) in cells.OrderBy(cell => cell.Key).ThenBy(cell => cell.Type))
            await run.AddAsync(key, type, Bytes(cell), default);
        await run.FinishAsync(1, 1, 1, default);
        await transaction.CommitAsync();
    }

    /// <summary>How many rows there are of what is named with a condition, <c>$1</c> being the workspace.</summary>
    public async Task<long> CountAsync(string rows)
    {
        await using var command = store.CreateCommand($"select count(*) from {rows}");
        command.Parameters.Add(new() { Value = workspace });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Edits the facts of the oldest delta that waits to be folded: by event type, or by share in <c>activity</c>.</summary>
    public async Task EditDeltaAsync(Action<List<StoredCell>> edit, string column = "data")
    {
        await using var find = store.CreateCommand(
            $"select seq, {column}, facts from rollup_deltas where workspace_id = {workspace} and {column} is not null order by seq limit 1");
        await using var row = await find.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        var (sequence, facts, count) = (row.GetInt64(0), Facts(row.GetFieldValue<byte[]>(1)), row.GetInt32(2));
        edit(facts);
        using var bytes = new ByteWriter();
        var writer = new DeltaWriter(bytes, new ByteWriter());
        foreach (var (key, type, cell) in facts.OrderBy(fact => fact.Key).ThenBy(fact => fact.Type))
            writer.Add(key, type, cell);
        await using var save = store.CreateCommand($"update rollup_deltas set {column} = $3, facts = $4 where workspace_id = $1 and seq = $2");
        foreach (object value in new object[] { workspace, sequence, bytes.ToArray(), column == "data" ? facts.Count : count })
            save.Parameters.Add(new() { Value = value });
        await save.ExecuteNonQueryAsync();
    }

    async Task<List<StoredCell>> CellsAsync(NpgsqlConnection connection, RollupId rollup)
    {
        await using var find = new NpgsqlCommand(
            $"select data from rollup_pages where workspace_id = {workspace} and rollup = {(short)rollup} order by run, page", connection);
        await using var row = await find.ExecuteReaderAsync();
        var cells = new SortedDictionary<(long, int), Cell>();
        while (await row.ReadAsync())
            for (var page = new PageReader(row.GetFieldValue<byte[]>(0)); page.Read();)
            {
                cells.TryAdd((page.Key, page.Type), new Cell());
                CellFormat.Merge(page.Cell.Span, cells[(page.Key, page.Type)], CellParts.Everything);
            }

        return [.. cells.Select(cell => new StoredCell(cell.Key.Item1, cell.Key.Item2, cell.Value))];
    }

    static List<StoredCell> Facts(byte[] data)
    {
        var facts = new List<StoredCell>();
        for (var delta = new DeltaReader(data); delta.Read();)
        {
            var cell = new Cell();
            CellFormat.Merge(delta.Cell, cell, CellParts.Everything);
            if (delta.HasTimes)
                cell.Seen(delta.First, delta.Last);
            facts.Add(new StoredCell(delta.Key, delta.Type, cell));
        }

        return facts;
    }

    static byte[] Bytes(Cell cell)
    {
        using var bytes = new ByteWriter();
        CellFormat.Write(bytes, cell);
        return bytes.ToArray();
    }
}
