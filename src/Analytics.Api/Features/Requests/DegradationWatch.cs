using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>
/// Looks every minute at the hours that requests came for, of workspaces that had some, and tells each new degradation once in the event
/// log. Any node may look; one does at a time, and what it tells is saved with what it saw.
/// </summary>
sealed class DegradationWatch(
    NpgsqlDataSource store, TenantDirectory tenants, DeliverOutbox deliver, StoreReadiness readiness, TimeProvider clock,
    ILogger<DegradationWatch> log) : RepeatedJob(readiness, clock, log)
{
    const int AtOnce = 2;
    const int Lock = 0x64656772;

    const string LockSql = "select pg_try_advisory_xact_lock($1, $2)";

    const string MovedSql = """
        select min(hour), max(hour), (select commits from workspace_seq where workspace_id = $1)
        from moved_hours
        where workspace_id = $1
        having count(*) > 0
        """;

    protected override string Work => "Looking for degradations";

    protected override TimeSpan Pause => TimeSpan.FromMinutes(1);

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var moved = await store.QueryAsync("select distinct workspace_id from moved_hours", [], row => row.GetInt32(0), cancel);
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(moved, lanes, async (workspace, stop) => await TryLookAsync(workspace, stop));
    }

    // One that fails holds up nobody else's.
    async Task TryLookAsync(int key, CancellationToken cancel)
    {
        try
        {
            if (await tenants.WorkspaceAsync(key) is { } workspace && await LookAsync(workspace, cancel))
                await deliver(workspace, workspace.Id, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested && !StoreAway.Is(failure))
        {
            Failures.Failed(failure, $"{Work} of workspace {key}", "it is tried again within a minute");
        }
    }

    /// <summary>Looks at what moved; true when there is something to tell.</summary>
    async Task<bool> LookAsync(Workspace workspace, CancellationToken cancel)
    {
        await using var telling = await store.OpenConnectionAsync(cancel);
        await using var transaction = await telling.BeginTransactionAsync(cancel);
        if (!await telling.ScalarAsync<bool>(LockSql, [Lock, workspace.Key], cancel))
            return false; // another node looks
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, EndpointHours.Rollups, cancel);
        var moved = await snapshot.Connection.QueryAsync(
            MovedSql, [workspace.Key], row => (First: row.GetInt32(0), Last: row.GetInt32(1), Commit: row.GetInt64(2)), cancel);
        if (moved is not [var (first, last, commit)])
            return false;
        // Whatever came late may be in the baseline of the hours after it.
        var end = Math.Max(last, HourTimes.Of(Clock.GetUtcNow())) + 1;
        var told = await ToldHours.ReadAsync(telling, workspace.Key, first, end, cancel);
        var runs = await new DegradationRuns(snapshot).FindAsync(first, end, cancel);
        var fresh = runs.FindAll(told.IsNew);
        var names = await new RequestTexts(snapshot.Connection, workspace)
            .OfAsync(RequestText.Endpoint, fresh.Select(run => run.Last.Endpoint), cancel);
        await told.SaveAsync(
            workspace, runs, [.. fresh.Select(run => run.Shown(names[run.Last.Endpoint]))], commit, Clock.GetStoreNow(), cancel);
        await transaction.CommitAsync(cancel);
        return fresh.Count > 0;
    }
}
