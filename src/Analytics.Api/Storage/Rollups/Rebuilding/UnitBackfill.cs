using System.Data;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Counts what came before new billable units, into runs of its own: nothing is replaced, and no other unit is counted. Until it is done
/// questions read raw events.
/// </summary>
sealed class UnitBackfill(
    NpgsqlDataSource store, Catalogue catalogue, Compactor compactor, StoreReadiness readiness, TimeProvider clock,
    ILogger<UnitBackfill> log)
    : WorkspaceJob(readiness, clock, log)
{
    const short Tier = 2;

    const string WaitingSql = "select distinct workspace_id from billable_units where not ready and deleted_at is null";

    const string ReadySql = "update billable_units set ready = true where workspace_id = $1 and unit = any($2)";

    protected override string Work => "Counting what came before billable units";

    protected override Task<List<int>> WaitingAsync(CancellationToken cancel) =>
        store.QueryAsync(WaitingSql, [], row => row.GetInt32(0), cancel);

    /// <summary>All units of the workspace that wait, in one go; not while a rebuild counts them.</summary>
    protected override async Task<bool> StepAsync(int workspace, CancellationToken cancel)
    {
        if (!await new Rebuild(store, workspace, catalogue).AloneAsync(_ => CountAsync(workspace, cancel), cancel))
            return false;
        compactor.Added(workspace, 0); // its runs are merged with the others
        return true;
    }

    async Task CountAsync(int workspace, CancellationToken cancel)
    {
        await using var reading = await store.OpenConnectionAsync(cancel);
        await using var snapshot = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var counted = await CountedUpTo.ReadAsync(reading, workspace, cancel);
        var units = (await Unit.LivingAsync(reading, workspace, cancel)).FindAll(unit => !unit.IsReady)
            .Select(unit => unit.Number).ToArray();
        await using var writing = await store.OpenConnectionAsync(cancel);
        await using var adding = await writing.BeginTransactionAsync(cancel);
        var runs = new RecountedRuns(
            new Flush(writing, workspace, counted.Timeline, catalogue), Tier, counted.Commit, counted.Commit, cancel);
        var pace = new BackfillPace(store, Clock);
        await EventFacts.Section.Kind.RecountAsync(
            new RawCount(reading, workspace, counted.Horizon, long.MaxValue, async (section, delta) =>
            {
                await runs.AddAsync(section, delta);
                await pace.RestAsync(cancel);
            }) { Units = units, Store = store }, cancel);
        await runs.WriteAsync();
        await writing.ExecuteAsync(ReadySql, [workspace, units], cancel);
        await adding.CommitAsync(cancel);
    }
}
