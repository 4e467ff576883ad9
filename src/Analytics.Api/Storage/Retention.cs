using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// Looks after the partitions, and once a day lets go of raw events past their workspace's retention. Rollups stay; the
/// days before a workspace's horizon are sealed.
/// </summary>
public sealed partial class Retention(
    NpgsqlDataSource database, Partitions partitions, StoreReadiness store, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    const int RowsAtOnce = 5_000;
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // Only a workspace that has something to let go gets a horizon: all others can be counted from their first day.
    const string HorizonSql = """
        update workspace_seq s
        set horizon = kept.since
        from (
            select workspace_id, date_trunc('day', $1 - make_interval(days => retention_days), 'UTC') as since
            from workspaces
        ) kept
        where kept.workspace_id = s.workspace_id
          and exists (
              select
              from events e
              where e.workspace_id = kept.workspace_id
                and e.timestamp < kept.since)
        """;

    const string ListSql = "select workspace_id, horizon from workspace_seq where horizon is not null";

    const string DeleteSql = """
        delete from events
        where (workspace_id, timestamp, id) in (
            select workspace_id, timestamp, id
            from events
            where workspace_id = $1
              and timestamp < $2
            order by timestamp, id
            limit $3)
          and workspace_id = $1
          and timestamp < $2
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.WhenMigratedAsync(stoppingToken);
        var lastRun = DateOnly.MinValue;
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            var now = clock.GetUtcNow();
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            try
            {
                await partitions.MakeAsync(today, stoppingToken);
                if (today == lastRun)
                    continue;
                await RunAsync(now, stoppingToken);
                lastRun = today;
            }
            catch (NpgsqlException failure)
            {
                Failed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>The daily run: moves every workspace's horizon, drops what no workspace keeps, deletes the rest in batches.</summary>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await using (var move = database.CreateCommand(HorizonSql))
        {
            move.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            await move.ExecuteNonQueryAsync(cancel);
        }

        foreach (var dropped in await partitions.DropAsync(DateOnly.FromDateTime(now.UtcDateTime), cancel))
            Dropped(dropped);
        foreach (var (workspace, horizon) in await HorizonsAsync(cancel))
            while (await DeleteAsync(workspace, horizon, cancel) == RowsAtOnce)
            {
                // short transactions, so that writers hardly notice
            }
    }

    async Task<List<(int Workspace, DateTime Horizon)>> HorizonsAsync(CancellationToken cancel)
    {
        var horizons = new List<(int, DateTime)>();
        await using var list = database.CreateCommand(ListSql);
        await using var reader = await list.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            horizons.Add((reader.GetInt32(0), reader.GetDateTime(1)));
        return horizons;
    }

    async Task<int> DeleteAsync(int workspace, DateTime horizon, CancellationToken cancel)
    {
        await using var delete = database.CreateCommand(DeleteSql);
        delete.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        delete.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = horizon });
        delete.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowsAtOnce });
        return await delete.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(LogLevel.Information, "Dropped {Partition}: no workspace keeps events that old")]
    partial void Dropped(string partition);

    [LoggerMessage(LogLevel.Warning, "Looking after partitions and retention failed; it will be tried again")]
    partial void Failed(Exception failure);
}
