using System.Data;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Storefront;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Counts a workspace's rollups anew from its raw facts while the service runs. Under the lock, briefly, a barrier is set at the
/// last commit and a snapshot of exactly that moment taken; everything up to the barrier is recounted from the snapshot
/// and replaced in one commit, what came later stays. Days before the horizon, whose raw facts are gone, are kept as they are.
/// </summary>
sealed class Rebuild(NpgsqlDataSource store, int workspace, Catalogue catalogue)
{
    const int Lock = 0x72656275;
    const short NotYet = 0;
    const string Tier = "3";
    const string ClearSql = "update workspace_seq set barrier = null where workspace_id = $1";

    // Those that came while it counted are left to their backfill.
    const string UnitsSql = "update billable_units set ready = true where workspace_id = $1 and unit = any($2) and not ready";

    static readonly string[] ReplaceSql =
    [
        "delete from rollup_deltas where workspace_id = $1 and commit <= $2",
        """
        delete from rollup_pages
        using rollup_runs run
        where rollup_pages.workspace_id = $1
          and run.workspace_id = $1
          and run.rollup = rollup_pages.rollup
          and run.run = rollup_pages.run
          and run.last_commit <= $2
          and run.tier > 0
        """,
        "delete from rollup_runs where workspace_id = $1 and last_commit <= $2 and tier > 0",
        $"update rollup_runs set tier = {Tier} where workspace_id = $1 and last_commit <= $2 and tier = 0",
        // Should a number have been wrong, answers kept by clients must not hold any longer. This also is the workspace's lock,
        // which writers hold when they come to the doubts: taken after them it would deadlock.
        "update workspace_seq set barrier = null, unready = 0, version = version + 1 where workspace_id = $1",
        """
        delete from activity_doubts
        using workspace_seq s
        where activity_doubts.workspace_id = $1
          and s.workspace_id = $1
          and activity_doubts.commit <= $2
          and quarter >= extract(epoch from coalesce(s.horizon, '2000-01-01Z') - '2000-01-01Z'::timestamptz) / 900
        """,
        "update fields set ready = true where workspace_id = $1 and not ready",
    ];

    /// <summary>Takes away the barrier of a rebuild that was killed; one that runs holds its lock.</summary>
    internal async Task ClearBarrierAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await connection.ScalarAsync<bool>("select pg_try_advisory_xact_lock($2, $1)", [workspace, Lock], cancel))
            await connection.ExecuteAsync(ClearSql, [workspace], cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Rebuilds; registered fields that are not ready are so when it is done. False when another one is under way.</summary>
    public Task<bool> RunAsync(IProgress<long>? progress, CancellationToken cancel) => AloneAsync(async locking =>
    {
        try
        {
            await using var reading = await store.OpenConnectionAsync(cancel);
            await using var snapshot = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            var counted = await SetBarrierAsync(locking, reading, cancel);
            var units = (await Unit.LivingAsync(reading, workspace, cancel)).Select(unit => unit.Number).ToArray();
            await using var writing = await store.OpenConnectionAsync(cancel);
            await using var replacing = await writing.BeginTransactionAsync(cancel);
            await RecountAsync(reading, writing, counted, progress, cancel);
            await new StepRecount(reading, workspace, counted.Horizon).ReplaceAsync(writing, counted.Commit, cancel);
            await ReplaceAsync(writing, counted.Commit, cancel);
            await Invoices.ReplaceAsync(reading, writing, workspace, counted.Horizon, cancel);
            await writing.ExecuteAsync(UnitsSql, [workspace, units], cancel);
            await replacing.CommitAsync(cancel);
        }
        catch
        {
            await locking.ExecuteAsync(ClearSql, [workspace], CancellationToken.None);
            throw;
        }
    }, cancel);

    /// <summary>Does what no other rebuild or backfill may be at meanwhile; false, and nothing done, when one is.</summary>
    internal async Task<bool> AloneAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancel)
    {
        await using var locking = await store.OpenConnectionAsync(cancel);
        if (!await locking.ScalarAsync<bool>("select pg_try_advisory_lock($2, $1)", [workspace, Lock], cancel))
            return false;
        try
        {
            await work(locking);
        }
        finally
        {
            await locking.ExecuteAsync("select pg_advisory_unlock($2, $1)", [workspace, Lock], CancellationToken.None);
        }

        return true;
    }

    async Task<CountedUpTo> SetBarrierAsync(NpgsqlConnection locking, NpgsqlConnection reading, CancellationToken cancel)
    {
        await using var transaction = await locking.BeginTransactionAsync(cancel);
        await locking.ExecuteAsync("select from workspace_seq where workspace_id = $1 for update", [workspace], cancel);

        // Nobody can commit facts of this workspace between this lock and the snapshot's first statement.
        var counted = await CountedUpTo.ReadAsync(reading, workspace, cancel);
        await locking.ExecuteAsync("update workspace_seq set barrier = commits where workspace_id = $1", [workspace], cancel);
        await transaction.CommitAsync(cancel);
        return counted;
    }

    /// <summary>Writes what sealed cells and raw facts come to as new runs; tier 0 tells them from those they replace.</summary>
    async Task RecountAsync(
        NpgsqlConnection reading, NpgsqlConnection writing, CountedUpTo counted, IProgress<long>? progress, CancellationToken cancel)
    {
        var runs = new RecountedRuns(
            new Flush(writing, workspace, counted.Timeline, catalogue), NotYet, 0, counted.Commit, cancel);
        if (counted.Horizon > Timeline.Year2000)
            await SealedAsync(reading, writing, counted, runs.AddAsync, cancel);
        // Read on the other connection: fields that were registered for this rebuild came after the snapshot.
        var registered = await RegisteredFields.ReadAsync(writing, workspace, cancel);
        foreach (var kind in catalogue.Kinds)
            await kind.RecountAsync(
                new RawCount(reading, workspace, counted.Horizon, long.MaxValue, runs.AddAsync)
                {
                    Registered = registered, Store = store, IsSealedBefore = counted.Horizon > Timeline.Year2000, Progress = progress,
                }, cancel);
        await runs.WriteAsync();
    }

    async Task SealedAsync(
        NpgsqlConnection reading, NpgsqlConnection writing, CountedUpTo counted, Func<Section, byte[], Task> add, CancellationToken cancel)
    {
        var sealedCells = new SealedCells(reading, workspace, counted.Horizon);
        foreach (var section in catalogue.Sections)
        {
            await sealedCells.CopyAsync(section, catalogue.WholeOf(section), add, cancel);
            foreach (var rollup in catalogue.Of(section).Where(rollup => rollup.Times))
            {
                var target = new RunWriter(writing, workspace, rollup, section, counted.Timeline.Needed(rollup.Grains));
                await sealedCells.CopyTimesAsync(section, rollup, target, cancel);
                await target.FinishAsync(NotYet, 0, counted.Commit, cancel);
            }
        }
    }

    /// <summary>Takes out what the recount replaces. The new runs carry commit 0 as their first until then.</summary>
    async Task ReplaceAsync(NpgsqlConnection writing, long barrier, CancellationToken cancel)
    {
        // A compaction that began before the barrier may still be under way.
        await writing.ExecuteAsync("select pg_advisory_xact_lock($2, $1)", [workspace, Compaction.Lock], cancel);
        foreach (var sql in ReplaceSql)
            await writing.ExecuteAsync(sql, sql.Contains("$2", StringComparison.Ordinal) ? [workspace, barrier] : [workspace], cancel);
    }
}

/// <summary>Up to where a snapshot's facts are counted.</summary>
/// <param name="Commit">The last commit in it.</param>
/// <param name="Timeline">The zone of the local days.</param>
/// <param name="Horizon">In microseconds since 1970: facts before it are gone.</param>
sealed record CountedUpTo(long Commit, Timeline Timeline, long Horizon)
{
    /// <summary>Of a snapshot whose first statement this is.</summary>
    public static async Task<CountedUpTo> ReadAsync(NpgsqlConnection snapshot, int workspace, CancellationToken cancel) =>
        await snapshot.FirstAsync(
            "select commits, rollup_zone, horizon from workspace_seq where workspace_id = $1", [workspace],
            row => new CountedUpTo(
                row.GetInt64(0), Timeline.Of(row.GetString(1)), row.IsDBNull(2) ? Timeline.Year2000 : row.Microseconds(2)), cancel)
        ?? new CountedUpTo(0, Timeline.Utc, Timeline.Year2000);
}
