using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// One snapshot of the store for a question that may have to look at many raw rows, and the time it may take. When that is
/// over the reads are cancelled, which answers 503.
/// </summary>
sealed class BoundedRead : IAsyncDisposable
{
    // Probing by index is right for pages and traces whatever the planner thinks of a small or a fresh table.
    const string SettingsSql = "set local enable_seqscan = off; set local jit = off; ";
    const string UsualSql = SettingsSql + "set local statement_timeout = '10s'";
    const string LongSql = SettingsSql + "set local statement_timeout = '10min'";

    // Later than the statements' own, which says better what happened.
    static readonly TimeSpan Usual = TimeSpan.FromSeconds(12);
    static readonly TimeSpan Long = TimeSpan.FromMinutes(11);

    readonly NpgsqlTransaction transaction;
    readonly CancellationTokenSource deadline;

    BoundedRead(NpgsqlDataSource store, NpgsqlTransaction transaction, NpgsqlConnection connection, CancellationTokenSource deadline) =>
        (Store, this.transaction, Connection, this.deadline) = (store, transaction, connection, deadline);

    /// <summary>Whose snapshot it is. Take no second connection of it: who hold one and wait for another wait for each other.</summary>
    public NpgsqlDataSource Store { get; }

    public NpgsqlConnection Connection { get; }

    /// <summary>To be passed to every read: ends with the request or with its time.</summary>
    public CancellationToken Cancel => deadline.Token;

    public static Task<BoundedRead> OpenAsync(NpgsqlDataSource store, CancellationToken cancel) =>
        OpenAsync(store, UsualSql, Usual, cancel);

    /// <summary>One that nobody waits for: it may take minutes.</summary>
    public static Task<BoundedRead> OpenForLongAsync(NpgsqlDataSource store, CancellationToken cancel) =>
        OpenAsync(store, LongSql, Long, cancel);

    static async Task<BoundedRead> OpenAsync(NpgsqlDataSource store, string settingsSql, TimeSpan longest, CancellationToken cancel)
    {
        var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(longest);
        NpgsqlConnection? opened = null;
        try
        {
            opened = await store.OpenConnectionAsync(time.Token);
            var snapshot = await opened.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, time.Token);
            await opened.ExecuteAsync(settingsSql, [], time.Token);
            return new BoundedRead(store, snapshot, opened, time);
        }
        catch
        {
            if (opened is not null)
                await opened.DisposeAsync();
            time.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
        deadline.Dispose();
    }
}

/// <summary>The answer would have to look at more rows than one request may. Becomes 503 with Retry-After.</summary>
sealed class TooMuchToReadException(string message) : Exception(message);
