using System.Data;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Counts a workspace's rollups anew from its raw events while the service runs. Under the lock, briefly, a barrier is set at the
/// last sequence and a snapshot of exactly that moment taken; everything up to the barrier is recounted from the snapshot
/// and replaced in one commit, what came later stays. Days before the horizon, whose raw events are gone, are kept as they are.
/// </summary>
sealed class Rebuild(NpgsqlDataSource store, int workspace)
{
    internal const int Lock = 0x72656275;
    const short Tier = 3;
    const string ClearSql = "update workspace_seq set barrier = null where workspace_id = $1 and $2 = $2";

    /// <summary>Takes away the barrier of a rebuild that was killed; one that runs holds its lock.</summary>
    internal async Task ClearBarrierAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await ScalarAsync(connection, "select pg_try_advisory_xact_lock($2, $1)", Lock, cancel) is true)
            await ScalarAsync(connection, ClearSql, 0, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Rebuilds; <paramref name="newFields"/> are registered at the barrier and ready when it is done. False when another rebuild is under way.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<string> newFields, IProgress<long>? progress, CancellationToken cancel)
    {
        await using var locking = await store.OpenConnectionAsync(cancel);
        if (await ScalarAsync(locking, "select pg_try_advisory_lock($2, $1)", Lock, cancel) is not true)
            return false;
        try
        {
            await using var reading = await store.OpenConnectionAsync(cancel);
            await using var snapshot = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            var barrier = await SetBarrierAsync(locking, reading, newFields, cancel);
            await using var writing = await store.OpenConnectionAsync(cancel);
            await using var replacing = await writing.BeginTransactionAsync(cancel);
            await new Recount(reading, writing, workspace, barrier).RunAsync(progress, cancel);
            await ReplaceAsync(writing, barrier, cancel);
            await replacing.CommitAsync(cancel);
        }
        catch
        {
            await ScalarAsync(locking, ClearSql, 0, CancellationToken.None);
            throw;
        }
        finally
        {
            await ScalarAsync(locking, "select pg_advisory_unlock($2, $1)", Lock, CancellationToken.None);
        }

        return true;
    }

    async Task<long> SetBarrierAsync(
        NpgsqlConnection locking, NpgsqlConnection reading, IReadOnlyList<string> newFields, CancellationToken cancel)
    {
        await using var transaction = await locking.BeginTransactionAsync(cancel);
        await ScalarAsync(locking, "select seq from workspace_seq where workspace_id = $1 and $2 = $2 for update", 0, cancel);

        // Nobody can commit facts of this workspace between this lock and the snapshot's first statement.
        var barrier = (long)(await ScalarAsync(reading, "select seq from workspace_seq where workspace_id = $1 and $2 = $2", 0, cancel) ?? 0L);
        await using var set = new NpgsqlCommand("""
            insert into fields (workspace_id, field, path, ready, created_at)
            select $1, s.fields + place, path, false, now()
            from workspace_seq s, unnest($2) with ordinality as new (path, place)
            where s.workspace_id = $1
            """, locking);
        set.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        set.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. newFields] });
        await set.ExecuteNonQueryAsync(cancel);
        await using var mark = new NpgsqlCommand("""
            update workspace_seq
            set barrier = seq, fields = fields + $2
            where workspace_id = $1
            """, locking);
        mark.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        mark.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)newFields.Count });
        await mark.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return barrier;
    }

    /// <summary>Takes out what the recount replaces. The new runs carry sequence 0 as their first until then.</summary>
    async Task ReplaceAsync(NpgsqlConnection writing, long barrier, CancellationToken cancel)
    {
        // A compaction that began before the barrier may still be under way.
        await ScalarAsync(writing, "select pg_advisory_xact_lock($2, $1)::text", Compaction.Lock, cancel);
        foreach (var sql in new[]
        {
            "delete from rollup_deltas where workspace_id = $1 and seq <= $2",
            """
            delete from rollup_pages
            using rollup_runs run
            where rollup_pages.workspace_id = $1
              and run.workspace_id = $1
              and run.rollup = rollup_pages.rollup
              and run.run = rollup_pages.run
              and run.last_seq <= $2
              and run.tier > 0
            """,
            "delete from rollup_runs where workspace_id = $1 and last_seq <= $2 and tier > 0",
            "update rollup_runs set tier = 3 where workspace_id = $1 and last_seq <= $2 and tier = 0",
            // Should a number have been wrong, answers kept by clients must not hold any longer. This also is the workspace's lock,
            // which writers hold when they come to the doubts: taken after them it would deadlock.
            "update workspace_seq set barrier = null, people_version = people_version + 1 where workspace_id = $1 and $2 >= 0",
            """
            delete from activity_doubts
            using workspace_seq s
            where activity_doubts.workspace_id = $1
              and s.workspace_id = $1
              and activity_doubts.seq <= $2
              and quarter >= extract(epoch from coalesce(s.horizon, '2000-01-01Z') - '2000-01-01Z'::timestamptz) / 900
            """,
            "update fields set ready = true where workspace_id = $1 and not ready and $2 >= 0",
        })
        {
            await using var command = new NpgsqlCommand(sql, writing);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = barrier });
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, int second, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = second });
        return await command.ExecuteScalarAsync(cancel);
    }
}
