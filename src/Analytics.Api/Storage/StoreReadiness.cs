using Npgsql;

namespace Analytics.Storage;

/// <summary>Whether the schema is up to date, and whether the store answers.</summary>
sealed class StoreReadiness(NpgsqlDataSource store)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly TaskCompletionSource migrated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsMigrated => migrated.Task.IsCompletedSuccessfully;

    /// <summary>Ends when the schema is up to date: jobs wait for it before their first statement.</summary>
    public Task WhenMigratedAsync(CancellationToken cancel) => migrated.Task.WaitAsync(cancel);

    internal void SetMigrated() => migrated.TrySetResult();

    /// <summary>Whether the store answers now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await store.ExecuteAsync("select 1", [], patience.Token);
            return IsMigrated;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }
}
