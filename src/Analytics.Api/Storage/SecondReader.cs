using System.Data;
using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// A second connection that sees what a snapshot sees, so that both processors read raw rows for one question. Only few questions have
/// one at a time: who holds a connection and waits for another must never be many.
/// </summary>
sealed class SecondReader : IAsyncDisposable
{
    const string SettingsSql = "set local enable_seqscan = off; set local jit = off; set local statement_timeout = '10s'";

    static readonly SemaphoreSlim Room = new(2);

    readonly NpgsqlTransaction transaction;

    SecondReader(NpgsqlConnection connection, NpgsqlTransaction transaction) => (Connection, this.transaction) = (connection, transaction);

    public NpgsqlConnection Connection { get; }

    /// <summary>Null when others have theirs.</summary>
    /// <param name="store">Where the snapshot is of.</param>
    /// <param name="snapshot">The connection whose transaction it is; it stays open for longer than this.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public static async Task<SecondReader?> TryOpenAsync(NpgsqlDataSource store, NpgsqlConnection snapshot, CancellationToken cancel)
    {
        if (!await Room.WaitAsync(0, cancel))
            return null;
        NpgsqlConnection? opened = null;
        try
        {
            var name = await snapshot.ScalarAsync<string>("select pg_export_snapshot()", [], cancel);
            opened = await store.OpenConnectionAsync(cancel);
            var reading = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await opened.ExecuteAsync($"set transaction snapshot '{name}'; {SettingsSql}", [], cancel);
            return new SecondReader(opened, reading);
        }
        catch
        {
            Room.Release();
            if (opened is not null)
                await opened.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
        Room.Release();
    }
}
