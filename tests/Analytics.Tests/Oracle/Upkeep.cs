using Analytics.Storage.Rollups;
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

    /// <summary>Folds; every other time as if everything were large enough for people's days, and merging runs with days and without.</summary>
    public Task CompactAsync()
    {
        var withDays = ++compactions % 2 == 0;
        var compaction = new Compaction(store, workspace)
        {
            LeastBytesForDays = withDays ? 0 : PersonDays.LeastBytes,
            IsAtRest = () => withDays,
        };
        return UntilAsync(async () => await compaction.RunAsync(default) == Compaction.Outcome.Done, "compaction");
    }

    public Task RebuildAsync() => UntilAsync(() => new Rebuild(store, workspace).RunAsync([], null, default), "rebuild");

    /// <summary>Waits until the rollups know a field, which a question has asked for.</summary>
    public Task RegisteredAsync(string field) => UntilAsync(async () =>
    {
        await using var command = store.CreateCommand("select exists (select from fields where workspace_id = $1 and path = $2 and ready)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = field });
        return (bool)(await command.ExecuteScalarAsync())!;
    }, $"registration of {field}");

    static async Task UntilAsync(Func<Task<bool>> isDone, string what)
    {
        for (var attempt = 0; !await isDone(); attempt++)
        {
            Assert.True(attempt < 600, $"No {what} within a minute.");
            await Task.Delay(100);
        }
    }
}
