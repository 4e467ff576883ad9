using System.Data;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Registers numeric fields: under the lock they get their numbers, and writers count them from the next commit on. What came
/// before is counted from a snapshot of that moment into runs of its own. Nothing is replaced, and no other field is counted.
/// </summary>
sealed class Backfill(NpgsqlDataSource store, int workspace, Catalogue catalogue)
{
    const short Tier = 2;

    const string RegisterSql = """
        insert into fields (workspace_id, field, path, ready, created_at)
        select $1, s.fields + place, path, false, now()
        from workspace_seq s, unnest($2) with ordinality as new (path, place)
        where s.workspace_id = $1
        """;

    const string UnreadySql = "select exists (select from fields where workspace_id = $1 and not ready)";

    /// <summary>False when another backfill, or a rebuild, is under way. What a former one left unready a rebuild counts.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        var rebuild = new Rebuild(store, workspace, catalogue);
        var isUnready = false;
        return await rebuild.AloneAsync(async locking =>
        {
            if (paths.Count > 0)
                await CountAsync(locking, paths, cancel);
            isUnready = await locking.ScalarAsync<bool>(UnreadySql, [workspace], cancel);
        }, cancel) && (!isUnready || await rebuild.RunAsync(null, cancel));
    }

    async Task CountAsync(NpgsqlConnection locking, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        await using var reading = await store.OpenConnectionAsync(cancel);
        await using var snapshot = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var (counted, fields) = await RegisterAsync(locking, reading, paths, cancel);
        await using var writing = await store.OpenConnectionAsync(cancel);
        await using var adding = await writing.BeginTransactionAsync(cancel);
        var runs = new RecountedRuns(
            new Flush(writing, workspace, counted.Timeline, catalogue), Tier, counted.Commit, counted.Commit, cancel);
        await EventFacts.Section.Kind.RecountAsync(
            new RawCount(reading, workspace, counted.Horizon, long.MaxValue, runs.AddAsync)
            {
                Fields = fields,
                Registered = await RegisteredFields.ReadAsync(writing, workspace, cancel),
                IsSealedBefore = counted.Horizon > Cells.Timeline.Year2000,
            }, cancel);
        await runs.WriteAsync();
        await writing.ExecuteAsync(
            "update fields set ready = true where workspace_id = $1 and field = any($2)", [workspace, fields], cancel);
        await writing.ExecuteAsync(
            "update workspace_seq set unready = unready - $2 where workspace_id = $1", [workspace, (short)fields.Length], cancel);
        await adding.CommitAsync(cancel);
    }

    async Task<(CountedUpTo Counted, short[] Fields)> RegisterAsync(
        NpgsqlConnection locking, NpgsqlConnection reading, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        await using var transaction = await locking.BeginTransactionAsync(cancel);
        var last = await locking.ScalarAsync<short>(
            "select fields from workspace_seq where workspace_id = $1 for update", [workspace], cancel);

        // Nobody can commit facts of this workspace between this lock and the snapshot's first statement.
        var counted = await CountedUpTo.ReadAsync(reading, workspace, cancel);
        await locking.ExecuteAsync(RegisterSql, [workspace, paths.ToArray()], cancel);
        await locking.ExecuteAsync(
            "update workspace_seq set fields = fields + $2, unready = unready + $2 where workspace_id = $1",
            [workspace, (short)paths.Count], cancel);
        await transaction.CommitAsync(cancel);
        return (counted, [.. Enumerable.Range(last + 1, paths.Count).Select(field => (short)field)]);
    }
}
