using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;

namespace Analytics.Features.Events;

/// <summary>Sort keys that follow from an event's place in its trace. They cost some look-ups a row.</summary>
static class TraceOrder
{
    // An event that came without a parent and has no trace node of its own has neither parent nor children.
    static string IsRelated(string workspace) => $"""
        (e.trace is not null or exists (
            select
            from trace_nodes
            where workspace_id = {workspace}
              and id = e.id))
        """;

    /// <summary>The root's id; null while an ancestor is pending, or is not to be seen.</summary>
    public static string Root(Workspace workspace, int[]? visible, SqlValues values)
    {
        var one = values.Add(workspace.Key);
        return visible is not null ? SeenRoot(one, values.Add(visible)) : $"""
            case when e.trace is null then e.id else (
                with recursive up (up, root, type) as (
                    select up, root, type
                    from trace_nodes
                    where workspace_id = {one}
                      and id = e.trace
                    union all
                    select next.up, next.root, next.type
                    from up
                    join trace_nodes next on next.workspace_id = {one} and next.id = up.up
                )
                select root
                from up
                where up is null
                  and type is not null) end
            """;
    }

    static string SeenRoot(string one, string people) => $"""
        case when e.parent is null then e.id else (
            with recursive up (id, above, is_end) as (
                select e.id, {WayUp.ParentSql("e", one)}, false
                union all
                select next.id, next.above, next.is_end
                from up
                cross join lateral ({WayUp.EventSql("up.above", one, people, "null")}) next
            )
            select id
            from up
            where is_end) end
        """;

    /// <summary>The parent's id where it is one of these people's events.</summary>
    public static string SeenParent(Workspace workspace, int[] visible, SqlValues values)
    {
        var one = values.Add(workspace.Key);
        return $"""
            (select above.id
            from (select {WayUp.ParentSql("e", one)} as id offset 0) named
            cross join lateral ({WayUp.EventSql("named.id", one, values.Add(visible), "null")}) above)
            """;
    }

    /// <summary>What the parent was called, where it is none of these people's events.</summary>
    public static string UnseenParent(Workspace workspace, int[] visible, SqlValues values) =>
        $"""case when {SeenParent(workspace, visible, values)} is null then e.parent_ref end collate "C" """;

    public static string Children(Workspace workspace, int[]? visible, SqlValues values)
    {
        var one = values.Add(workspace.Key);
        var (key, people) = (values.Add(KeyHash.EventKey(workspace.HashKey)), values.Add(visible));
        return $"""
            case when {IsRelated(one)} then (
                select count(*)
                from unnest(array[e.id, {WayDown.Awaited(one, key)}]) as named (parent)
                cross join lateral (
                    select person
                    from events
                    where workspace_id = {one}
                      and parent = named.parent
                    offset 0
                ) child
                where named.parent is not null
                  and ({people} is null or child.person = any({people}))) else 0 end
            """;
    }

    /// <summary>
    /// The number of descendants. All events of the interval that have any are counted in one go: row by row, whoever is deep in a trace
    /// would be counted again for everybody above.
    /// </summary>
    public static async Task<string> DescendantsAsync(
        BoundedRead read, Workspace workspace, EventFilter filter, DateTime from, DateTime to, SqlValues values)
    {
        var asked = new SqlValues();
        var sql = $"""
            select e.id
            from {filter.Source(asked)}
            where {filter.Conditions(asked)}
              and e.timestamp >= {asked.Add(from)}
              and e.timestamp < {asked.Add(to)}
              and {IsRelated(asked.Add(workspace.Key))}
            limit {asked.Add(WayDown.MaxEvents + 1)}
            """;
        var related = await read.Connection.QueryAsync(sql, asked, row => row.GetGuid(0), read.Cancel);
        if (related.Count > WayDown.MaxEvents)
            throw new TooMuchToReadException("There are too many events of traces to be sorted by their descendants.");
        var below = new Descendants(read, workspace, filter.Visible, []);
        await below.ReadAsync(related);

        // Sorted, so that each row finds its own in a few steps.
        var counted = related.Where(id => below.CountOf(id) > 0).OrderBy(id => id.ToSortable()).ToArray();
        var (ids, counts) = (values.Add(counted), values.Add(Array.ConvertAll(counted, id => below.CountOf(id)!.Value)));
        var place = $"width_bucket(e.id, {ids})";
        return $"coalesce(case when ({ids}::uuid[])[{place}] = e.id then ({counts}::bigint[])[{place}] end, 0)";
    }
}
