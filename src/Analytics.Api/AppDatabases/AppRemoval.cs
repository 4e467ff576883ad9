using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>Removes the Postgres workspace of an app that was deleted; what cannot be removed now is removed later.</summary>
delegate Task RemoveAppWorkspace(App app, CancellationToken cancel);

/// <summary>
/// Removes the Postgres workspaces of deleted apps: right after the deletion, and in the background what a crash left behind or somebody
/// held up.
/// </summary>
sealed class AppRemoval(
    NpgsqlDataSource store, AppWorkspaces workspaces, StoreReadiness readiness, TimeProvider clock, ILogger<AppRemoval> log)
    : WorkspaceJob(readiness, clock, log)
{
    const string DeletedSql = "from apps where deleted_at is not null and schema_name is not null";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected override string Work => "Removing deleted apps";

    /// <summary>Removes an app's workspace after its deletion was committed. A failure does not concern the caller.</summary>
    public async Task RemoveAsync(App app, CancellationToken cancel)
    {
        try
        {
            // Goes on when nobody waits any more.
            await workspaces.RemoveAsync(app.WorkspaceKey, app.Number, CancellationToken.None).WaitAsync(Patience, Clock, cancel);
        }
        catch (Exception e)
        {
            Failures.Failed(e, $"Removing the workspace of app {app.Id}", "it is removed later");
        }
    }

    protected override Task<List<int>> WaitingAsync(CancellationToken cancel) =>
        store.QueryAsync($"select distinct workspace_id {DeletedSql}", [], row => row.GetInt32(0), cancel);

    protected override async Task<bool> StepAsync(int workspace, CancellationToken cancel)
    {
        var deleted = await store.ScalarAsync<int?>($"select app {DeletedSql} and workspace_id = $1 limit 1", [workspace], cancel);
        if (deleted is { } app)
            await workspaces.RemoveAsync(workspace, app, cancel);
        return deleted is not null;
    }
}
