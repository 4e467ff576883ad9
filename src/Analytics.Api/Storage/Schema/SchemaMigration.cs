using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>
/// Applies the migrations when the service starts, and says when that is done. EF Core takes a lock in the store, so any
/// number of nodes may start together; while the store cannot be reached it tries again instead of ending the process.
/// </summary>
sealed class SchemaMigration(
    IDbContextFactory<AnalyticsDb> contexts, Partitions partitions, CitusTables citus, StoreReadiness readiness, TimeProvider clock,
    ILogger<SchemaMigration> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly FailureLog failures = new(log);

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(cancel);
                await db.Database.MigrateAsync(cancel);
                // Before the first event: one in the default partition would keep its month's partition from being made.
                await partitions.MakeAsync(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), cancel);
                await citus.SpreadAsync(cancel);
                readiness.SetMigrated();
                log.LogInformation("The store is ready");
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                failures.Failed(e, "Making the store ready", $"it is tried again every {Pause.TotalSeconds} s");
                await Task.Delay(Pause, cancel);
            }
        }
    }
}
