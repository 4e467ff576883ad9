using Analytics.Storage;
using Analytics.Storage.Model;
using Analytics.Storage.Reading;

namespace Analytics.Features.Events;

/// <summary>Sort keys that follow from an event's place in its trace. They cost some look-ups a row.</summary>
static class TraceOrder
{
    // An event that came without a parent and has no tree of its own has neither parent nor children.
    static string IsRelated(string workspace) => $"""
        (e.tree is not null or exists (
            select
            from trees
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

    /// <summary>The root's id; null while an ancestor is awaited.</summary>
    public static string Root(Workspace workspace, SqlParameters parameters)
    {
        var one = parameters.Add(workspace.Key);
        return $"""
            case when e.tree is null then e.id else (
                with recursive up (id, up, type) as (
                    select id, up, type
                    from trees
                    where workspace_id = {one}
                      and id = e.tree
                    union all
                    select trees.id, trees.up, trees.type
                    from up
                    join trees on trees.workspace_id = {one} and trees.id = up.up
                )
                select id
                from up
                where up is null
                  and type is not null) end
            """;
    }

    public static string Children(Workspace workspace, int[]? visible, SqlParameters parameters)
    {
        var one = parameters.Add(workspace.Key);
        var key = parameters.Add(StoredEvent.HashKey(workspace));
        return $"""
            case when {IsRelated(one)} then (
                select count(*)
                from unnest(array[e.id, {StoredEvent.HashSql("e.external_id", key)}]) as named (parent)
                cross join lateral ({ChildrenSql(one)}) child
                where true {And(visible, "child", parameters)}) else 0 end
            """;
    }

    public static string Descendants(Workspace workspace, int[]? visible, SqlParameters parameters)
    {
        var one = parameters.Add(workspace.Key);
        var key = parameters.Add(StoredEvent.HashKey(workspace));
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
                where true {And(visible, "down", parameters)}) else 0 end
            """;
    }

    static string And(int[]? visible, string row, SqlParameters parameters) =>
        visible is null ? "" : $"and {row}.person = any({parameters.Add(visible)})";
}
