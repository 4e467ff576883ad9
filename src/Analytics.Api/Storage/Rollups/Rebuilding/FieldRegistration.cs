using System.Collections.Concurrent;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Registers the numeric fields that questions ask for: what came before is counted in the background, and <see cref="FieldCatalogue"/> has
/// them from then on.
/// </summary>
sealed class FieldRegistration(
    NpgsqlDataSource store, Catalogue catalogue, Compactor compactor, StoreReadiness readiness, TimeProvider clock,
    ILogger<FieldRegistration> log)
    : RepeatedJob(readiness, clock, log)
{
    const string UnfinishedSql = "select distinct workspace_id from fields where not ready";

    const string IsUnfinishedSql = "select exists (select from fields where workspace_id = $1 and not ready)";

    // Paths that are registered already, or cannot be because there are enough of them, are wanted no more.
    const string UnknownSql = """
        select path
        from unnest($2) as path
        where not exists (select from fields where workspace_id = $1 and fields.path = path.path)
        limit $3 - (select count(*) from fields where workspace_id = $1 and field > $4)
        """;

    readonly ConcurrentQueue<int> queue = [];
    readonly ConcurrentDictionary<int, ConcurrentDictionary<string, bool>> wanted = new();
    bool isCaughtUp;

    /// <summary>Notes that the fields are wanted, and begins.</summary>
    public void Register(int workspace, IEnumerable<string> paths)
    {
        var mine = wanted.GetOrAdd(workspace, _ => new(StringComparer.Ordinal));
        var added = false;
        foreach (var path in paths)
            added |= mine.TryAdd(path, true);
        if (!added)
            return;
        queue.Enqueue(workspace);
        Wake();
    }

    protected override string Work => "Registering numeric fields";

    /// <summary>Workspaces a former run left with a field that is not ready, then those that are asked for.</summary>
    protected override async Task WorkAsync(CancellationToken cancel)
    {
        if (!isCaughtUp)
        {
            var isDone = true;
            foreach (var workspace in await store.QueryAsync(UnfinishedSql, [], row => row.GetInt32(0), cancel))
                isDone &= await TryRegisterAsync(workspace, cancel);
            isCaughtUp = isDone;
        }
        while (queue.TryDequeue(out var workspace))
            await TryRegisterAsync(workspace, cancel);
    }

    async Task<bool> TryRegisterAsync(int workspace, CancellationToken cancel)
    {
        try
        {
            await RegisterAsync(workspace, cancel);
            return true;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            Failures.Failed(failure, $"Registering a numeric field of workspace {workspace}", "the next question about one tries again");
            wanted.TryRemove(workspace, out _); // the next question asks again
            return false;
        }
    }

    async Task RegisterAsync(int workspace, CancellationToken cancel)
    {
        string[] paths = wanted.TryRemove(workspace, out var asked) ? [.. asked.Keys] : [];
        var unknown = await store.QueryAsync(
            UnknownSql, [workspace, paths, FieldCatalogue.MaxRegistered, FieldCatalogue.LastBuiltIn], row => row.GetString(0), cancel);
        if (unknown.Count > 0 || await store.ScalarAsync<bool>(IsUnfinishedSql, [workspace], cancel))
        {
            await new Backfill(store, workspace, catalogue).RunAsync(unknown, cancel);
            compactor.Added(workspace, 0); // its runs are merged with the others
        }
    }
}
