using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Rebuilding;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Tests.Oracle;

/// <summary>What the service does to a workspace's rollups in the background, done now.</summary>
sealed class Upkeep(NpgsqlDataSource store, int workspace)
{
    int compactions;

    public int Workspace => workspace;

    public static async Task<Upkeep> OfAsync(WorkspaceClient workspace)
    {
        await using var command = workspace.Api.Store.CreateCommand("select workspace_id from workspaces where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        return new Upkeep(workspace.Api.Store, (int)(await command.ExecuteScalarAsync())!);
    }

    /// <summary>Flushes; every other time as if everything were large enough for coarser grains, and merging runs with them and without.</summary>
    public Task CompactAsync()
    {
        var isCoarse = ++compactions % 2 == 0;
        var compaction = new Compaction(store, workspace, Catalogue.Default)
        {
            IsAlwaysCoarse = isCoarse,
            IsAtRest = () => isCoarse,
        };
        return Until.HoldsAsync(async () => await compaction.RunAsync(default) == Compaction.Outcome.Done, "There is no compaction.");
    }

    public Task RebuildAsync() => Until.HoldsAsync(() => new Rebuild(store, workspace, Catalogue.Default).RunAsync(null, default), "There is no rebuild.");

    /// <summary>Does something while nothing that came before a billable unit, or a field, is counted in the background.</summary>
    public Task WithoutBackfillsAsync(Func<Task> work) => Until.HoldsAsync(
        () => new Rebuild(store, workspace, Catalogue.Default).AloneAsync(_ => work(), default), "Somebody is at the rollups.");

    /// <summary>Waits until what came before every billable unit is counted.</summary>
    public Task ReadyUnitsAsync() => Until.HoldsAsync(async () =>
    {
        await using var command = store.CreateCommand(
            "select not exists (select from billable_units where workspace_id = $1 and deleted_at is null and not ready)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        return (bool)(await command.ExecuteScalarAsync())!;
    }, "There is a unit that is not ready.");

    /// <summary>Waits until the rollups know a field, which a question has asked for.</summary>
    public Task RegisteredAsync(string field) => Until.HoldsAsync(async () =>
    {
        await using var command = store.CreateCommand("select exists (select from fields where workspace_id = $1 and path = $2 and ready)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = field });
        return (bool)(await command.ExecuteScalarAsync())!;
    }, $"{field} is not registered.");
}
