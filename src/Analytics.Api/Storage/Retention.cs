using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// Looks after the partitions, and once a day lets go of raw facts past their workspace's retention. Rollups stay; the
/// days before a workspace's horizon are sealed.
/// </summary>
sealed partial class Retention(
    NpgsqlDataSource database, FactTables tables, Partitions partitions, StoreReadiness readiness, TimeProvider clock,
    ILogger<Retention> log)
    : RepeatedJob(readiness, clock, log)
{
    const int RowsAtOnce = 5_000;

    // Only a workspace that has something to let go gets a horizon: all others can be counted from their first day. Those are found by one
    // statement, which is planned once for all partitions; see docs/decisions/0014 for why it looks up in this way.
    string OlderSql => $"""
        select w.workspace_id, limits.horizon
        from workspaces w
        cross join lateral (select $1 - w.retention_days * interval '24 hours' as horizon offset 0) limits
        where {string.Join("\n   or ", tables.Names.Select(HasOlder))}
        """;

    static string HasOlder(string table) => $"""
        (select true
            from {table}
            where workspace_id = w.workspace_id
              and timestamp < limits.horizon
            order by timestamp
            limit 1)
        """;

    const string HorizonSql = "update workspace_seq set horizon = $2 where workspace_id = $1";

    const string HorizonsSql = "select workspace_id, horizon from workspace_seq where horizon is not null";

    // What alerts told is kept as long as its records; by what is crossed by now, it has to be known.
    const string CrossingsSql = """
        delete from alert_crossings
        using workspaces
        where alert_crossings.workspace_id = workspaces.workspace_id
          and not is_open
          and at < $1 - workspaces.retention_days * interval '1 day'
        """;

    static string DeleteSql(string table) => $"""
        delete from {table}
        where (workspace_id, timestamp, id) in (
            select workspace_id, timestamp, id
            from {table}
            where workspace_id = $1
              and timestamp < $2
            order by timestamp, id
            limit $3)
          and workspace_id = $1
          and timestamp < $2
        """;

    DateOnly lastRun = DateOnly.MinValue;

    protected override string Work => "Looking after partitions and retention";

    protected override TimeSpan Pause => TimeSpan.FromMinutes(1);

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await partitions.MakeAsync(today, cancel);
        if (today == lastRun)
            return;
        await RunAsync(now, cancel);
        lastRun = today;
    }

    /// <summary>The daily run: moves every workspace's horizon, drops what no workspace keeps, deletes the rest in batches.</summary>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var today = now.UtcDateTime.Date;
        foreach (var (workspace, horizon) in await OlderAsync(today, cancel))
            await TryAsync(workspace, HorizonAsync(workspace, horizon, cancel));

        foreach (var dropped in await partitions.DropAsync(DateOnly.FromDateTime(today), cancel))
            Dropped(dropped);
        foreach (var (workspace, horizon) in await database.QueryAsync(
            HorizonsSql, [], row => (row.GetInt32(0), row.GetDateTime(1)), cancel))
            await TryAsync(workspace, DeleteAsync(workspace, horizon, cancel));
        await database.ExecuteAsync(CrossingsSql, [today], cancel);
    }

    // One that is held, or fails, keeps its facts for a day longer; the others go on.
    async Task TryAsync(int workspace, Task work)
    {
        try
        {
            await work;
        }
        catch (PostgresException failure) when (!StoreAway.Is(failure))
        {
            Failures.Failed(failure, $"The retention of workspace {workspace}", "it is tried again tomorrow");
        }
    }

    /// <summary>The workspaces that have something to let go, each with its horizon.</summary>
    async Task<List<(int Workspace, DateTime Horizon)>> OlderAsync(DateTime today, CancellationToken cancel)
    {
        var older = new List<(int, DateTime)>();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.EachForAsLongAsItTakesAsync(OlderSql, [today], row => older.Add((row.GetInt32(0), row.GetDateTime(1))), cancel);
        return older;
    }

    async Task HorizonAsync(int workspace, DateTime horizon, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("set lock_timeout = '2s'", [], cancel);
        await connection.ExecuteAsync(HorizonSql, [workspace, horizon], cancel);
    }

    async Task DeleteAsync(int workspace, DateTime horizon, CancellationToken cancel)
    {
        foreach (var table in tables.Names)
            while (await database.ExecuteAsync(DeleteSql(table), [workspace, horizon, RowsAtOnce], cancel) == RowsAtOnce)
            {
                // short transactions, so that writers hardly notice
            }
    }

    [LoggerMessage(LogLevel.Information, "Dropped {Partition}: no workspace keeps facts that old")]
    partial void Dropped(string partition);
}
