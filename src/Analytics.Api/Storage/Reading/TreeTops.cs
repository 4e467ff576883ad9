using Analytics.Storage.Model;

namespace Analytics.Storage.Reading;

/// <summary>The trees some events belong to now, found by following each tree to the one it was attached to.</summary>
sealed class TreeTops
{
    const string UpSql = """
        with recursive up (id, up) as (
            select id, up
            from trees
            where workspace_id = $1
              and id = any($2)
            union -- each tree once, however many lead through it
            select trees.id, trees.up
            from up
            join trees on trees.workspace_id = $1 and trees.id = up.up
        )
        select up.id, up.up, top.type is not null, top.members, top.fields, top.sums
        from up
        left join trees top on up.up is null and top.workspace_id = $1 and top.id = up.id
        """;

    readonly Dictionary<Guid, Guid> ups = [];
    readonly Dictionary<Guid, Top> tops = [];

    public static async Task<TreeTops> ReadAsync(BoundedRead read, Workspace workspace, IEnumerable<StoredEvent> events)
    {
        var found = new TreeTops();
        var parameters = new SqlParameters();
        parameters.Add(workspace.Key);
        parameters.Add(events.Select(e => e.FirstTree).Distinct().ToArray());
        await using var command = parameters.Command(UpSql, read.Connection);
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        while (await reader.ReadAsync(read.Cancel))
            if (reader.IsDBNull(1))
                found.tops[reader.GetGuid(0)] = new Top(
                    reader.GetGuid(0), reader.GetBoolean(2), reader.GetInt32(3), reader.GetInt16(4), reader.GetFieldValue<byte[]>(5));
            else
                found.ups[reader.GetGuid(0)] = reader.GetGuid(1);
        return found;
    }

    /// <summary>The tree the event is part of; null for one that has neither parent nor children.</summary>
    public Top? Of(StoredEvent e)
    {
        var at = e.FirstTree;
        for (var steps = 0; ups.TryGetValue(at, out var up) && steps <= ups.Count; steps++)
            at = up;
        return tops.GetValueOrDefault(at);
    }
}

/// <summary>A whole tree; <see cref="IsRoot"/> says that its root has come and is not awaited.</summary>
sealed record Top(Guid Id, bool IsRoot, int Members, short Fields, byte[] Sums);
