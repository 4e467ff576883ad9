using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// Applies the migrations when the service starts, and says when that is done. EF Core takes a lock in the store, so any
/// number of nodes may start together; while the store cannot be reached it tries again instead of ending the process.
/// </summary>
sealed class StoreReadiness(
    IDbContextFactory<AnalyticsDb> contexts, NpgsqlDataSource store, Partitions partitions, CitusTables citus, TimeProvider clock,
    ILogger<StoreReadiness> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly FailureLog failures = new(log);
    readonly TaskCompletionSource migrated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsMigrated => migrated.Task.IsCompletedSuccessfully;

    /// <summary>Ends when the schema is up to date: jobs wait for it before their first statement.</summary>
    public Task WhenMigratedAsync(CancellationToken cancel) => migrated.Task.WaitAsync(cancel);

    /// <summary>Whether the store answers now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await using var command = store.CreateCommand("select 1");
            await command.ExecuteScalarAsync(patience.Token);
            return IsMigrated;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }

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
                migrated.TrySetResult();
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
