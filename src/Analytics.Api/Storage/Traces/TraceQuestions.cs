using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>The statements that find stored nodes; part of the batch that takes the workspace's lock.</summary>
sealed class TraceQuestions(int workspace)
{
    // Every look-up here is lateral and by a whole key: what the planner knows of tables that fill while it looks is not to be relied
    // on, and one plan that scans would stop all writers.

    // For each named parent: the event, by the key or by its own id, and the node that leads to its trace. An id holds its event's time,
    // so one partition is looked into. Where there is no event the parent is pending, and its node has the hash for an id; unless its
    // key is known: then retention let it go.
    const string ParentsSql = $"""
        with recursive named as (
            select wanted.hash, known.id is not null as known, one.id, one.time
            from unnest($2, $3) as wanted (hash, id)
            left join lateral (
                select id
                from event_keys
                where workspace_id = $1
                  and kind = 0
                  and hash = wanted.hash
                offset 0
            ) known on true
            cross join lateral (
                select
                    id,
                    'epoch'::timestamptz + ((ms >> 16) * 1000 + (ms & 4095)) * interval '1 microsecond' as time
                from (
                    select
                        coalesce(known.id, wanted.id) as id,
                        ('x' || translate(left(coalesce(known.id, wanted.id)::text, 18), '-', ''))::bit(64)::bigint as ms
                    offset 0
                ) head
                offset 0
            ) one
        ), place as (
            select
                named.hash as name,
                case when own.id is not null or e.type is not null then named.id end as event,
                e.type,
                coalesce(e.person, 0) as person,
                e.metadata,
                named.known,
                coalesce(own.id, case when e.type is null then named.hash else e.trace end) as node
            from named
            left join lateral (
                select id
                from trace_nodes
                where workspace_id = $1
                  and id = named.id
                offset 0
            ) own on true
            left join lateral (
                select type, person, trace, case when parent is null then metadata::text end as metadata
                from events
                where workspace_id = $1
                  and timestamp = named.time
                  and id = named.id
                  and own.id is null
                offset 0
            ) e on true
        ), {WaySql}
        """;

    // Mostly few parents are pending and many events come: then all that are pending are read, which is much less than looking for
    // each event. See docs/decisions/0004.
    const string PendingSql = $"""
        with recursive few as materialized (
            select id
            from pending_parents
            where workspace_id = $1
            limit $3 + 1
        ), pending as (
            select id
            from few
            where (select count(*) from few) <= $3
            union all
            select one.id
            from unnest($2) as arrived (id)
            cross join lateral (
                select id
                from pending_parents
                where workspace_id = $1
                  and id = arrived.id
                offset 0
            ) one
            where (select count(*) from few) > $3
        ), place as (
            select
                id as name, null::uuid as event, null::int as type, 0 as person, null::text as metadata, false as known, id as node
            from pending
        ), {WaySql}
        """;

    // The ways up from the nodes of all places: rows without a name follow those with one. They are short, so that a node that several lead
    // through may come again: telling so costs more.
    const string WaySql = """
        way as (
            select one.*
            from place
            cross join lateral (
                select id, up, root, type, person, mixed, members, fields, sums
                from trace_nodes
                where workspace_id = $1
                  and id = place.node
                offset 0
            ) one
            union all
            select next.*
            from way
            cross join lateral (
                select id, up, root, type, person, mixed, members, fields, sums
                from trace_nodes
                where workspace_id = $1
                  and id = way.up
                offset 0
            ) next
        )
        select
            name, event, type, person, metadata, known, node, null::uuid as up, null::uuid as root, null::boolean as mixed,
            null::int as members, null::smallint as fields, null::bytea as sums
        from place
        union all
        select null, null, type, person, null, null, id, up, root, mixed, members, fields, sums
        from way
        """;

    // So many look-ups in the list cost as much as reading one node.
    const int LookUpsANode = 8;

    /// <summary>Finds what is stored of named parents: their keys, with the id each may be when no event has the key.</summary>
    public NpgsqlBatchCommand FindParents(IReadOnlyDictionary<UInt128, Guid?> named) => Sql.Statement(
        ParentsSql, [workspace, named.Keys.Select(key => key.ToUuid()).ToArray(), SqlValue.Of(named.Values.ToArray())]);

    /// <summary>Finds the pending parents that come now: at least those among these keys of new events.</summary>
    public NpgsqlBatchCommand FindPending(IReadOnlyCollection<UInt128> arrived) => Sql.Statement(
        PendingSql, [workspace, arrived.Select(key => key.ToUuid()).ToArray(), arrived.Count / LookUpsANode]);
}
