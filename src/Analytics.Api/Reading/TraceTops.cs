using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>The traces some events belong to now, found by following each node to the one it was joined to.</summary>
sealed class TraceTops
{
    static readonly string WithSumsSql = UpSql("sums");
    static readonly string WithoutSumsSql = UpSql("''::bytea");

    readonly Dictionary<Guid, Guid> ups = [];
    readonly Dictionary<Guid, Top> tops = [];

    /// <param name="read">The snapshot.</param>
    /// <param name="workspace">Whose events.</param>
    /// <param name="events">The events.</param>
    /// <param name="areConsecutive">Whether they are in order, and about all there are between the first and the last.</param>
    /// <param name="withSums">Whether the sums are wanted, too.</param>
    public static async Task<TraceTops> ReadAsync(
        BoundedRead read, Workspace workspace, IReadOnlyCollection<StoredEvent> events, bool areConsecutive, bool withSums)
    {
        var found = new TraceTops();
        var (first, last) = areConsecutive ? (events.First().Id, events.Last().Id) : ((Guid?)null, (Guid?)null);
        Guid[] nodes = [.. events.Where(e => !areConsecutive || e.Trace is not null).Select(e => e.FirstNode).Distinct()];
        if (areConsecutive)
            nodes = Array.FindAll(nodes, node => node.CompareTo(first!.Value) < 0 || node.CompareTo(last!.Value) > 0);
        SqlValue[] values = [workspace.Key, nodes, SqlValue.Of(first), SqlValue.Of(last)];
        await read.Connection.EachAsync(withSums ? WithSumsSql : WithoutSumsSql, values, row =>
        {
            if (row.IsDBNull(1))
                found.tops[row.GetGuid(0)] = new Top(
                    row.GetGuid(2), row.GetBoolean(3), row.GetInt32(4), row.GetInt16(5), row.GetFieldValue<byte[]>(6), row.GetInt64(7));
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

    // Lateral and by a whole key: of a workspace the planner has not counted yet, "any" would go through all nodes. Of events that stand
    // one after the other the roots' nodes do, too: they are read at once, from $3 to $4.
    static string UpSql(string sums) => $"""
        with recursive up as (
            (
                select id, up, root, type is not null as is_root, members, fields, {sums} as sums, seq
                from trace_nodes
                where workspace_id = $1
                  and id between $3 and $4
                union all
                select first.*
                from unnest($2) as wanted (id)
                cross join lateral (
                    select id, up, root, type is not null as is_root, members, fields, {sums} as sums, seq
                    from trace_nodes
                    where workspace_id = $1
                      and id = wanted.id
                    offset 0
                ) first
            )
            union -- each node once, however many lead through it
            select next.*
            from up
            cross join lateral (
                select id, up, root, type is not null as is_root, members, fields, {sums} as sums, seq
                from trace_nodes
                where workspace_id = $1
                  and id = up.up
                offset 0
            ) next
        )
        select *
        from up
        """;
}

/// <summary>
/// A whole trace by its root; <see cref="IsRoot"/> says that this one has come and is not pending, <see cref="Sequence"/> when it grew
/// last.
/// </summary>
sealed record Top(Guid Root, bool IsRoot, int Members, short Fields, byte[] Sums, long Sequence);
