using System.Data;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>Held by the node that watches: a lock of its connection's, free when the node dies.</summary>
sealed class WatchSeat(NpgsqlDataSource store) : IAsyncDisposable
{
    const long Lock = 0x616c65727473;

    NpgsqlConnection? holding;

    /// <summary>True when this node watches from now on, or still does.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancel)
    {
        if (holding is not null && await HoldsAsync(cancel))
            return true;
        await DisposeAsync();
        var connection = await store.OpenConnectionAsync(cancel);
        if (await connection.ScalarAsync<bool>("select pg_try_advisory_lock($1)", [Lock], cancel))
            holding = connection;
        else
            await connection.DisposeAsync();
        return holding is not null;
    }

    public async ValueTask DisposeAsync()
    {
        if (holding is not { } held)
            return;
        holding = null;
        await using (held)
            try
            {
                // The connection goes back to the pool, and keeps what it holds until somebody uses it.
                await held.ScalarAsync<bool>("select pg_advisory_unlock($1)", [Lock], CancellationToken.None);
            }
            catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
            {
                // With the connection the lock is gone.
            }
    }

    async Task<bool> HoldsAsync(CancellationToken cancel)
    {
        try
        {
            return holding!.State == ConnectionState.Open && await holding.ScalarAsync<bool>("select true", [], cancel);
        }
        catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }
}
