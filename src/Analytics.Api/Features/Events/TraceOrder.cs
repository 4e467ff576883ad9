using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;

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

    static string ChildrenSql(string workspace) => $"""
        select *
        from events
        where workspace_id = {workspace}
          and parent = named.parent
        offset 0
        """;

    /// <summary>The root's id; null while an ancestor is pending.</summary>
    public static string Root(Workspace workspace, SqlValues values)
    {
        var one = values.Add(workspace.Key);
        return $"""
            case when e.trace is null then e.id else (
                with recursive up (id, up, type) as (
                    select id, up, type
                    from trace_nodes
                    where workspace_id = {one}
                      and id = e.trace
                    union all
                    select next.id, next.up, next.type
                    from up
                    join trace_nodes next on next.workspace_id = {one} and next.id = up.up
                )
                select id
                from up
                where up is null
                  and type is not null) end
            """;
    }

    public static string Children(Workspace workspace, int[]? visible, SqlValues values)
    {
        var one = values.Add(workspace.Key);
        var key = values.Add(StoredEvent.HashKey(workspace));
        return $"""
            case when {IsRelated(one)} then (
                select count(*)
                from unnest(array[e.id, {StoredEvent.HashSql("e.external_id", key)}]) as named (parent)
                cross join lateral ({ChildrenSql(one)}) child
                where true {And(visible, "child", values)}) else 0 end
            """;
    }

    public static string Descendants(Workspace workspace, int[]? visible, SqlValues values)
    {
        var one = values.Add(workspace.Key);
        var key = values.Add(StoredEvent.HashKey(workspace));
        return $"""
            case when {IsRelated(one)} then (
                with recursive down (id, hash, person) as (
                    select child.id, {StoredEvent.HashSql("child.external_id", key)}, child.person
                    from unnest(array[e.id, {StoredEvent.HashSql("e.external_id", key)}]) as named (parent)
                    cross join lateral ({ChildrenSql(one)}) child
                    union all
                    select child.id, child.hash, child.person
                    from down
                    cross join lateral (
                        select child.id, {StoredEvent.HashSql("child.external_id", key)} as hash, child.person
                        from unnest(array[down.id, down.hash]) as named (parent)
                        cross join lateral ({ChildrenSql(one)}) child
                    ) child
                )
                select count(*)
                from down
                where true {And(visible, "down", values)}) else 0 end
            """;
    }

    static string And(int[]? visible, string row, SqlValues values) =>
        visible is null ? "" : $"and {row}.person = any({values.Add(visible)})";
}
