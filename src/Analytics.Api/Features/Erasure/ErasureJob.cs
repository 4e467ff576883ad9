using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>Has the erasures carried on at once: there is a new one.</summary>
delegate void WakeErasure();

/// <summary>
/// Carries erasures on in the background until nothing is left to erase, a step of each workspace in turn. Progress is stored with
/// every step, so a crash costs one, and any node can go on. One that fails is left alone for longer each time.
/// </summary>
sealed class ErasureJob(NpgsqlDataSource store, StoreReadiness readiness, TimeProvider clock, ILogger<ErasureJob> log)
    : WorkspaceJob(readiness, clock, log)
{
    // Of a deleted workspace nothing has to be erased: all of it goes.
    const string Waiting = """
        select distinct workspace_id
        from erasures
        where status <> 'done'
          and again_at <= $1
          and exists (select from workspaces where workspaces.workspace_id = erasures.workspace_id)
        """;

    const string Postpone = "update erasures set failures = failures + 1, again_at = $3 where workspace_id = $1 and job_id = $2";

    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    protected override string Work => "Erasing customers";

    protected override Task<List<int>> WaitingAsync(CancellationToken cancel) =>
        store.QueryAsync(Waiting, [Clock.GetStoreNow().UtcDateTime], row => row.GetInt32(0), cancel);

    protected override async Task<bool> StepAsync(int workspace, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(ShortLocks, [], cancel);
        if (await ErasureBatch.TakeAsync(connection, workspace, Clock.GetStoreNow(), cancel) is not { } batch)
            return false;
        try
        {
            await batch.WorkAsync(Clock.GetStoreNow(), cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested && !IsLocked(failure) && !StoreAway.Is(failure))
        {
            await transaction.RollbackAsync(cancel);
            var rest = TimeSpan.FromSeconds(Math.Min(LongestRest.TotalSeconds, 1L << Math.Min(batch.Failures, 20)));
            await connection.ExecuteAsync(Postpone, [workspace, batch.Job, (Clock.GetStoreNow() + rest).UtcDateTime], cancel);
            Failures.Failed(failure, $"The erasure {batch.Job}", $"it is tried again in {rest.TotalSeconds} s");
            return true;
        }
    }
}
