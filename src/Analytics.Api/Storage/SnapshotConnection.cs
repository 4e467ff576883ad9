using System.Data;
using Npgsql;

namespace Analytics.Storage;

/// <summary>A connection in a transaction that sees the store as it was at one moment.</summary>
sealed class SnapshotConnection : IAsyncDisposable
{
    SnapshotConnection(NpgsqlConnection connection, NpgsqlTransaction transaction) => (Connection, Transaction) = (connection, transaction);

    public NpgsqlConnection Connection { get; }

    public NpgsqlTransaction Transaction { get; }

    /// <summary>Opens one that sees the present.</summary>
    /// <param name="store">Where it is of.</param>
    /// <param name="settings">Statements that set the transaction up.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public static async Task<SnapshotConnection> OpenAsync(NpgsqlDataSource store, string settings, CancellationToken cancel)
    {
        var opened = await store.OpenConnectionAsync(cancel);
        try
        {
            var reading = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await opened.ExecuteAsync(settings, [], cancel);
            return new SnapshotConnection(opened, reading);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens one that sees what another sees, whose transaction stays open for longer.</summary>
    public static async Task<SnapshotConnection> OpenBesideAsync(
        NpgsqlDataSource store, NpgsqlConnection other, string settings, CancellationToken cancel)
    {
        var moment = await other.ScalarAsync<string>("select pg_export_snapshot()", [], cancel);
        // It is made of digits, letters and dashes.
        return await OpenAsync(store, $"set transaction snapshot '{moment}'; {settings}", cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
