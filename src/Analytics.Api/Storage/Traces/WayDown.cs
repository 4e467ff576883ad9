using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// The way down from events, or from parents that are pending, to all that are below them, level by level. Children name their parent
/// by its id or by the hash of its external id.
/// </summary>
sealed class WayDown<T>(NpgsqlConnection connection, int workspace, byte[] hashKey)
{
    // One parent at a time, by index: an array of them, the planner may scan for.
    const string ChildrenSql = """
        select e.parent, e.id, e.external_id, e.metadata::text
        from unnest($2) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and parent = named.parent
            offset 0
        ) e
        """;

    Dictionary<Guid, T> level = [];

    /// <summary>Begins at an event; what is below it is that of <paramref name="top"/>.</summary>
    public void Add(Guid id, byte[] externalId, T top)
    {
        level[id] = top;
        if (externalId.Length > 0)
            level[KeyHash.Of(hashKey, KeyKind.Event, externalId).ToUuid()] = top;
    }

    /// <summary>Gives the metadata of every event below, and whose it is.</summary>
    public async Task EachAsync(Action<T, byte[]> each, CancellationToken cancel)
    {
        while (level.Count > 0)
        {
            var parents = level;
            level = [];
            await connection.EachAsync(ChildrenSql, [workspace, parents.Keys.ToArray()], row =>
            {
                var top = parents[row.GetGuid(0)];
                each(top, row.Bytes(3));
                Add(row.GetGuid(1), row.Bytes(2), top);
            }, cancel);
        }
    }
}
