using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>Has the erasures carried on at once: there is a new one.</summary>
delegate void WakeErasure();

/// <summary>
/// Carries erasures on in the background until nothing is left to erase. Progress is stored with every batch, so a crash
/// costs one batch, and any node can go on.
/// </summary>
sealed class ErasureJob(NpgsqlDataSource store, StoreReadiness readiness, TimeProvider clock, ILogger<ErasureJob> log)
    : RepeatedJob(readiness, clock, log)
{
    protected override string Work => "Erasing customers";

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        while (await NextAsync(cancel))
        {
        }
    }

    /// <summary>One batch of the oldest erasure that no other node works on; false when there is none.</summary>
    async Task<bool> NextAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await ErasureBatch.TakeAsync(connection, cancel) is not { } batch)
            return false;
        await batch.WorkAsync(Clock.GetStoreNow(), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}
