using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>The traces some events belong to now, found by following each node to the one it was attached to.</summary>
sealed class TraceTops
{
    // Lateral and by a whole key: of a workspace the planner has not counted yet, "any" would go through all nodes.
    const string UpSql = """
        with recursive up (id, up) as (
            select first.id, first.up
            from unnest($2) as wanted (id)
            cross join lateral (
                select id, up
                from trace_nodes
                where workspace_id = $1
                  and id = wanted.id
                offset 0
            ) first
            union -- each node once, however many lead through it
            select next.id, next.up
            from up
            join trace_nodes next on next.workspace_id = $1 and next.id = up.up
        )
        select up.id, up.up, top.type is not null, top.members, top.fields, top.sums
        from up
        left join trace_nodes top on up.up is null and top.workspace_id = $1 and top.id = up.id
        """;

    readonly Dictionary<Guid, Guid> ups = [];
    readonly Dictionary<Guid, Top> tops = [];

    public static async Task<TraceTops> ReadAsync(BoundedRead read, Workspace workspace, IEnumerable<StoredEvent> events)
    {
        var found = new TraceTops();
        await read.Connection.EachAsync(UpSql, [workspace.Key, events.Select(e => e.FirstNode).Distinct().ToArray()], row =>
        {
            if (row.IsDBNull(1))
                found.tops[row.GetGuid(0)] = new Top(
                    row.GetGuid(0), row.GetBoolean(2), row.GetInt32(3), row.GetInt16(4), row.GetFieldValue<byte[]>(5));
            else
                found.ups[row.GetGuid(0)] = row.GetGuid(1);
        }, read.Cancel);
        return found;
    }

    /// <summary>The trace the event is part of; null for one that has neither parent nor children.</summary>
    public Top? Of(StoredEvent e)
    {
        var at = e.FirstNode;
        for (var steps = 0; ups.TryGetValue(at, out var up) && steps <= ups.Count; steps++)
            at = up;
        return tops.GetValueOrDefault(at);
    }
}

/// <summary>A whole trace; <see cref="IsRoot"/> says that its root has come and is not pending.</summary>
sealed record Top(Guid Id, bool IsRoot, int Members, short Fields, byte[] Sums);
