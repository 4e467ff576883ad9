using Analytics.Tests.Features.Erasure;
using Npgsql;

namespace Analytics.Tests;

/// <summary>A workspace whose lock somebody holds who does not go on.</summary>
public sealed class HeldWorkspace : IAsyncDisposable
{
    readonly AnalyticsApi api;
    readonly NpgsqlConnection connection;

    HeldWorkspace(AnalyticsApi api, NpgsqlConnection connection) => (this.api, this.connection) = (api, connection);

    public static async Task<HeldWorkspace> OfAsync(WorkspaceClient workspace)
    {
        var number = await workspace.NumberAsync();
        var holder = await workspace.Api.Store.OpenConnectionAsync();
        await using var take = new NpgsqlCommand($"begin; select 1 from workspace_seq where workspace_id = {number} for update", holder);
        await take.ExecuteNonQueryAsync();
        return new HeldWorkspace(workspace.Api, holder);
    }

    /// <summary>Returns when so many wait for the lock, the later ones behind the earlier. A named one of the service's pools counts alone.</summary>
    public async Task WaitsAsync(long count, string pool = "")
    {
        await using var waiting = api.Store.CreateCommand("""
            with recursive waiting as (
                select $1 as pid
                union
                select locks.pid
                from pg_locks locks
                join waiting on waiting.pid = any(pg_blocking_pids(locks.pid))
                where not locks.granted)
            select count(*)
            from waiting
            join pg_stat_activity one on one.pid = waiting.pid
            where one.pid <> $1
              and strpos(one.application_name, $2) > 0
            """);
        waiting.Parameters.Add(new() { Value = connection.ProcessID });
        waiting.Parameters.Add(new() { Value = pool });
        await Until.HoldsAsync(async () => (long)(await waiting.ExecuteScalarAsync())! >= count, "Nobody waits.");
    }

    public async Task LetGoAsync()
    {
        await using var end = new NpgsqlCommand("commit", connection);
        await end.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
