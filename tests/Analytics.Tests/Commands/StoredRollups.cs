using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Tests.Commands;

/// <summary>A cell or a waiting fact, taken out of its page or delta, to be changed and put back by the writers of the project.</summary>
sealed record Stored<TKey>(TKey Key, Cell Cell);

/// <summary>Takes rollups apart and puts them back, valid but not what the events say.</summary>
sealed class StoredRollups(NpgsqlDataSource store, int workspace)
{
    const string RunsSql = """
        select run, tier, first_commit, last_commit, bytes, grains
        from rollup_runs
        where workspace_id = $1
          and rollup = $2
          and section = $3
        """;

    const string DeltaSql = """
        select commit, data
        from rollup_deltas
        where workspace_id = $1
          and section = $2
        order by commit
        limit 1
        """;

    static long freezes;

    /// <summary>Whether everything is flushed in all grains and frozen, so that it need not be done again.</summary>
    public bool IsFlushed { get; set; }

    /// <summary>A barrier that no other one is like: one that stays is taken for that of a rebuild that died, and taken away.</summary>
    public static string FreezeSql() =>
        $"update workspace_seq set barrier = {long.MaxValue - Interlocked.Increment(ref freezes)} where workspace_id = $1";

    /// <summary>Keeps the service from flushing what is there, so that a fault stays where a test made it.</summary>
    public Task FreezeAsync() => RunAsync(FreezeSql());

    /// <summary>Flushes everything that waits, in all grains, and keeps the service from touching what came of it.</summary>
    public async Task FlushAsync()
    {
        await RunAsync("update workspace_seq set barrier = null where workspace_id = $1");
        var compaction = new Compaction(store, workspace, Catalogue.Default) { IsAlwaysCoarse = true };
        await Until.HoldsAsync(
            async () => await compaction.RunAsync(default) == Compaction.Outcome.Done, "There is no compaction.");
        await FreezeAsync();
    }

    public Task<int> RunAsync(string sql) => store.ExecuteAsync(sql, [workspace], default);

    /// <summary>How many rows there are of what is named with a condition, <c>$1</c> being the workspace.</summary>
    public Task<long> CountAsync(string rows) => store.ScalarAsync<long>($"select count(*) from {rows}", [workspace], default);

    /// <summary>Flushes everything; one run of the rollup from a section is left, with its cells edited, in the order of their keys.</summary>
    public async Task EditRunAsync(Rollup rollup, Section section, Action<List<Stored<CellKey>>> edit)
    {
        if (!IsFlushed)
            await FlushAsync();
        await using var connection = await store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var runs = await connection.QueryAsync(RunsSql, [workspace, rollup.Id, section.Id], RunTable.Read, default);
        Assert.NotEmpty(runs);
        var cells = await CellsAsync(connection, rollup, runs);
        edit(cells);
        await new RunTable(connection, workspace).DeleteAsync(rollup, runs, default);
        var run = new RunWriter(connection, workspace, rollup, section, runs[0].Grains);
        foreach (var (key, cell) in cells.OrderBy(cell => cell.Key))
        {
            using var bytes = new ByteWriter();
            CellFormat.Write(bytes, cell);
            await run.AddAsync(key, bytes.WrittenMemory, default);
        }

        await run.FinishAsync(1, 1, 1, default);
        await transaction.CommitAsync();
    }

    /// <summary>Edits the facts of a section's oldest delta that waits to be flushed.</summary>
    public async Task EditDeltaAsync(Section section, Action<List<Stored<FactKey>>> edit)
    {
        var (commit, data) = (await store.QueryAsync(
            DeltaSql, [workspace, section.Id], row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), default)).Single();
        var facts = Facts(data);
        edit(facts);
        using var bytes = new ByteWriter();
        var delta = new DeltaWriter(section, bytes, new ByteWriter());
        foreach (var (key, cell) in facts.OrderBy(fact => fact.Key))
            delta.Add(key, cell);
        await store.ExecuteAsync(
            "update rollup_deltas set data = $4, facts = $5 where workspace_id = $1 and section = $2 and commit = $3",
            [workspace, section.Id, commit, bytes.ToArray(), facts.Count], default);
    }

    async Task<List<Stored<CellKey>>> CellsAsync(NpgsqlConnection connection, Rollup rollup, List<Run> runs)
    {
        var cells = new SortedDictionary<CellKey, Cell>();
        foreach (var run in runs)
            for (var cursor = new RunCursor(connection, workspace, rollup, run); await cursor.ReadAsync(default);)
            {
                cells.TryAdd(cursor.Key, new Cell());
                CellFormat.Merge(cursor.Bytes.Span, cells[cursor.Key], CellParts.Everything);
            }

        return [.. cells.Select(cell => new Stored<CellKey>(cell.Key, cell.Value))];
    }

    static List<Stored<FactKey>> Facts(byte[] data)
    {
        var facts = new List<Stored<FactKey>>();
        for (var fact = new DeltaReader(data); fact.Read();)
        {
            var cell = new Cell();
            CellFormat.Merge(fact.Cell.Span, cell, CellParts.Everything);
            if (fact.HasTimes)
                cell.Seen(fact.FirstTime, fact.LastTime);
            facts.Add(new Stored<FactKey>(fact.Key, cell));
        }

        return facts;
    }
}
