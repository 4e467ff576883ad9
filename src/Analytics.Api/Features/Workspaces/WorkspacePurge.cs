using Analytics.AppDatabases;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Workspaces;

/// <summary>Has the facts of deleted workspaces removed at once: there is a new one.</summary>
delegate void WakePurge();

/// <summary>
/// Removes the facts of deleted workspaces in small batches, one of each in turn, then the database of its apps. The workspace is listed
/// until nothing is left of it, so a crash costs nothing.
/// </summary>
sealed class WorkspacePurge(
    NpgsqlDataSource store, AppWorkspaces apps, StoreReadiness readiness, TimeProvider clock, ILogger<WorkspacePurge> log)
    : WorkspaceJob(readiness, clock, log)
{
    // Every table that holds rows of a workspace, whatever feature made it; of partitioned ones each partition. A row's place says
    // which row it is only together with the workspace: tables may be spread over machines.
    const string Tables = """
        select format(
            'delete from %1$s where workspace_id = $1 and ctid = any(array(select ctid from %1$s where workspace_id = $1 limit 5000))',
            oid::regclass)
        from pg_class
        where relkind = 'r'
            and relnamespace = current_schema()::regnamespace
            and relname not in ('workspaces', 'workspace_purges')
            and exists (
                select from pg_attribute
                where attrelid = pg_class.oid and attname = 'workspace_id' and not attisdropped)
        """;

    protected override string Work => "Removing deleted workspaces";

    protected override Task<List<int>> WaitingAsync(CancellationToken cancel) =>
        store.QueryAsync("select workspace_id from workspace_purges", [], row => row.GetInt32(0), cancel);

    protected override async Task<bool> StepAsync(int workspace, CancellationToken cancel)
    {
        if (await RemoveSomeAsync(workspace, cancel) > 0)
            return true;
        await apps.RemoveAllAsync(workspace, cancel);
        await store.ExecuteAsync("delete from workspace_purges where workspace_id = $1", [workspace], cancel);
        return true;
    }

    async Task<int> RemoveSomeAsync(int workspace, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(ShortLocks, [], cancel);
        var removed = 0;
        foreach (var delete in await connection.QueryAsync(Tables, [], row => row.GetString(0), cancel))
            removed += await connection.ExecuteAsync(delete, [workspace], cancel);
        return removed;
    }
}
