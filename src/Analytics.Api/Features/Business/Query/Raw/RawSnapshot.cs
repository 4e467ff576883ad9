using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>A connection that sees the store as it was at one moment, set up to add up many rows.</summary>
sealed class RawSnapshot : IAsyncDisposable
{
    // Plans are made for a slice, where sorting never pays; two connections are all that a question takes. The pages of a slice lie side by
    // side, and the system reads those ahead anyway: to announce each of them costs up to a tenth. It stays where somebody chose how many.
    const string SettingsSql = """
        set local enable_seqscan = off; set local enable_sort = off; set local jit = off; set local work_mem = '64MB';
        set local max_parallel_workers_per_gather = 0; set local statement_timeout = '10s';
        select set_config('effective_io_concurrency', '0', true) where current_setting('effective_io_concurrency') = '1'
        """;

    /// <summary>Rows of a time are read page by page.</summary>
    public const string ByPages = "set local enable_indexscan = off";

    /// <summary>Rows are read in the order of the index: for who wants the first.</summary>
    public const string InOrder = "set local enable_indexscan = on";

    readonly SnapshotConnection reading;

    RawSnapshot(SnapshotConnection reading) => this.reading = reading;

    public NpgsqlConnection Connection => reading.Connection;

    /// <summary>Opens one that sees the present.</summary>
    public static async Task<RawSnapshot> OpenAsync(NpgsqlDataSource store, CancellationToken cancel) =>
        new(await SnapshotConnection.OpenAsync(store, SettingsSql, cancel));

    /// <summary>Opens another that sees the same; this one stays open for longer.</summary>
    public async Task<RawSnapshot> OpenBesideAsync(NpgsqlDataSource store, CancellationToken cancel) =>
        new(await SnapshotConnection.OpenBesideAsync(store, Connection, SettingsSql, cancel));

    /// <summary>Has the rows of a time read page by page, not one by one in its order: in two thirds of the time.</summary>
    public Task<int> ReadByPagesAsync(CancellationToken cancel) => Connection.ExecuteAsync(ByPages, [], cancel);

    /// <summary>
    /// Reads what may turn out to be of another type; then that is told, nothing was read, and the moment stays the same.
    /// </summary>
    public async Task<bool> TryAsync(Func<Task<bool>> read, Action isOfOtherType, CancellationToken cancel)
    {
        const string before = "slice";
        await reading.Transaction.SaveAsync(before, cancel);
        try
        {
            var isRead = await read();
            await reading.Transaction.ReleaseAsync(before, cancel);
            return isRead;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            await reading.Transaction.RollbackAsync(before, cancel);
            isOfOtherType();
            return false;
        }
    }

    public ValueTask DisposeAsync() => reading.DisposeAsync();
}
