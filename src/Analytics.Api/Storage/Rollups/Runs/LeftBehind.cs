using Analytics.Storage.Rollups.Rebuilding;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// Finds what nobody looks after any more, because its node ended before it had flushed its deltas or finished its rebuild. What
/// one look finds, and the next one finds again, nobody is at.
/// </summary>
sealed class LeftBehind(NpgsqlDataSource store, Catalogue catalogue)
{
    // Deltas up to a barrier are the rebuild's, not left to be flushed.
    const string FindSql = """
        select s.workspace_id, s.barrier, min(d.commit), count(d.commit)::int
        from workspace_seq s
        left join rollup_deltas d on d.workspace_id = s.workspace_id and d.commit > coalesce(s.barrier, -1)
        group by s.workspace_id, s.barrier
        having s.barrier is not null or count(d.commit) > 0
        """;

    Dictionary<int, Found>? before;

    /// <summary>Takes left barriers away; gives the workspaces with left deltas and how many. At first those are all there are.</summary>
    public async Task<List<(int Workspace, int Deltas)>> LookAsync(CancellationToken cancel)
    {
        var now = (await store.QueryAsync(
            FindSql, [],
            row => (row.GetInt32(0), new Found(row.GetFieldValue<long?>(1), row.GetFieldValue<long?>(2), row.GetInt32(3))), cancel))
            .ToDictionary();
        foreach (var (workspace, found) in now)
            if (found.Barrier is { } barrier && Before(workspace).Barrier == barrier)
                await new Rebuild(store, workspace, catalogue).ClearBarrierAsync(cancel);
        var left = now.Where(each => each.Value.Oldest is { } oldest && (before is null || Before(each.Key).Oldest == oldest));
        var deltas = left.Select(each => (each.Key, each.Value.Deltas)).ToList();
        before = now;
        return deltas;
    }

    Found Before(int workspace) => before?.GetValueOrDefault(workspace) ?? default;

    readonly record struct Found(long? Barrier, long? Oldest, int Deltas);
}
