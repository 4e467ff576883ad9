using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// A second connection that sees what a snapshot sees, so that both processors read raw rows for one question. Only few questions have
/// one at a time: who holds a connection and waits for another must never be many.
/// </summary>
sealed class SecondReader : IAsyncDisposable
{
    const string SettingsSql = "set local enable_seqscan = off; set local jit = off; set local statement_timeout = '10s'";

    const int Most = 2;

    static readonly SemaphoreSlim Room = new(Most);

    readonly SnapshotConnection reading;

    SecondReader(SnapshotConnection reading) => this.reading = reading;

    /// <summary>Whether a question of this node has one, and with it both processors.</summary>
    public static bool IsAnyOpen => Room.CurrentCount < Most;

    public NpgsqlConnection Connection => reading.Connection;

    /// <summary>Null when others have theirs.</summary>
    /// <param name="store">Where the snapshot is of.</param>
    /// <param name="snapshot">The connection whose transaction it is; it stays open for longer than this.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public static async Task<SecondReader?> TryOpenAsync(NpgsqlDataSource store, NpgsqlConnection snapshot, CancellationToken cancel)
    {
        if (!await Room.WaitAsync(0, cancel))
            return null;
        try
        {
            return new SecondReader(await SnapshotConnection.OpenBesideAsync(store, snapshot, SettingsSql, cancel));
        }
        catch
        {
            Room.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await reading.DisposeAsync();
        Room.Release();
    }
}
