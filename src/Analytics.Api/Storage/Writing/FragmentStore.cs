using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>Reads the pieces of stored traces a group of new events touches, and writes them back.</summary>
sealed class FragmentStore(NpgsqlConnection connection, int workspace, byte[] hashKey, short fields, IReadOnlyList<string> registered)
{
    // Every look-up here is by a whole key, most of them lateral: what the planner knows of tables that fill while it looks is not to be
    // relied on, and one plan that scans would stop all writers.

    // For each named parent: the event, by the key or by its own id, and the top of its tree. An id holds its event's time, so one
    // partition is looked into. Where there is no event the parent is awaited, and its tree has the hash for an id; unless its key
    // is known: then retention let it go. Chains are short: each attachment adds a step, each later one cuts it.
    const string ParentsSql = """
        with recursive named as (
            select
                wanted.hash,
                known.id is not null as known,
                coalesce(known.id, wanted.id) as id,
                ('x' || translate(left(coalesce(known.id, wanted.id)::text, 18), '-', ''))::bit(64)::bigint as time
            from unnest($2, $3) as wanted (hash, id)
            left join lateral (
                select id
                from event_keys
                where workspace_id = $1
                  and kind = 0
                  and hash = wanted.hash
                offset 0
            ) known on true
        ), place as (
            select
                named.hash,
                case when own.id is not null or e.type is not null then named.id end as event,
                e.type,
                e.person,
                e.metadata,
                coalesce(own.id, case when e.type is null then named.hash else e.tree end) as tree,
                named.known
            from named
            left join lateral (
                select id
                from trees
                where workspace_id = $1
                  and id = named.id
                offset 0
            ) own on true
            left join lateral (
                select type, person, tree, case when parent is null then metadata::text end as metadata
                from events
                where workspace_id = $1
                  and timestamp = 'epoch'::timestamptz + ((named.time >> 16) * 1000 + (named.time & 4095)) * interval '1 microsecond'
                  and id = named.id
                  and own.id is null
                offset 0
            ) e on true
        ), chain as (
            select place.*, tree.id as top, tree.up, 0 as steps
            from place
            left join lateral (
                select id, up
                from trees
                where workspace_id = $1
                  and id = place.tree
                offset 0
            ) tree on true
            union all
            select
                chain.hash, chain.event, chain.type, chain.person, chain.metadata, chain.tree, chain.known,
                next.id, next.up, chain.steps + 1
            from chain
            cross join lateral (
                select id, up
                from trees
                where workspace_id = $1
                  and id = chain.up
                offset 0
            ) next
        )
        select
            chain.hash, chain.event, chain.type, coalesce(chain.person, 0), chain.metadata, chain.tree, chain.steps,
            top.id, top.type, top.person, top.members, top.fields, top.sums,
            chain.known
        from chain
        left join lateral (
            select *
            from trees
            where workspace_id = $1
              and id = chain.top
            offset 0
        ) top on true
        where chain.up is null
        """;

    // The ids are those of events that come only now: what has one of them is a parent that was awaited. They are many, and an
    // index looks them up all at once.
    const string AwaitedSql = """
        select null, null, null, null, null, id, 0, id, type, person, members, fields, sums
        from trees
        where workspace_id = $1
          and id = any($2)
          and type is null
          and up is null
        """;

    const string SaveSql = """
        insert into trees (workspace_id, id, up, type, person, members, fields, sums)
        select $1, tree.*
        from unnest($2, $3, $4, $5, $6, $7, $8) as tree (id, up, type, person, members, fields, sums)
        on conflict (workspace_id, id) do update
        set up = excluded.up, members = excluded.members, fields = excluded.fields, sums = excluded.sums
        """;

    const string ShortenSql = """
        update trees
        set up = shortcut.top
        from unnest($2, $3) as shortcut (id, top)
        where trees.workspace_id = $1
          and trees.id = shortcut.id
        """;

    readonly Dictionary<Guid, Fragment> tops = [];

    /// <summary>Rows more than a step away from their top, to be pointed at it.</summary>
    readonly Dictionary<Guid, Guid> shortcuts = [];

    /// <summary>
    /// What is stored of the parents that are named, by key: an event with its tree, or only a tree of others that wait for it
    /// too; those of whom nothing is known are left out. And the trees that wait for one of the arrived.
    /// </summary>
    /// <param name="named">The parents' keys, with the id each may be when no event has the key.</param>
    /// <param name="arrived">The new events' keys; empty when nobody is awaited.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<(Dictionary<UInt128, StoredParent> Parents, List<Fragment> Awaited)> LoadAsync(
        IReadOnlyDictionary<UInt128, Guid?> named, IReadOnlyCollection<Guid> arrived, CancellationToken cancel)
    {
        var (parents, awaited) = (new Dictionary<UInt128, StoredParent>(), new List<Fragment>());
        await using (var batch = new NpgsqlBatch(connection))
        {
            if (named.Count > 0)
                batch.BatchCommands.Add(Command(
                    ParentsSql,
                    new NpgsqlParameter<Guid[]> { TypedValue = [.. named.Keys.Select(key => key.ToUuid())] },
                    new NpgsqlParameter<Guid?[]> { TypedValue = [.. named.Values] }));
            if (arrived.Count > 0)
                batch.BatchCommands.Add(Command(AwaitedSql, new NpgsqlParameter<Guid[]> { TypedValue = [.. arrived] }));
            if (batch.BatchCommands.Count == 0)
                return (parents, awaited);
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            do
                while (await reader.ReadAsync(cancel))
                    if (reader.IsDBNull(0))
                        awaited.Add(Top(reader));
                    else if (Parent(reader) is { } parent)
                        parents.Add(reader.GetGuid(0).ToSortable(), parent);
            while (await reader.NextResultAsync(cancel));
        }

        foreach (var stale in tops.Values.Where(top => top.Fields < fields).ToList())
            await new FragmentRecount(connection, workspace, hashKey, registered).AddAsync(stale, fields, cancel);
        return (parents, awaited);
    }

    StoredParent? Parent(NpgsqlDataReader reader)
    {
        var hasTree = !reader.IsDBNull(7);
        if (hasTree && reader.GetInt32(6) > 1)
            shortcuts[reader.GetGuid(5)] = reader.GetGuid(7);
        Guid? e = reader.IsDBNull(1) ? null : reader.GetGuid(1);
        if (hasTree)
            return new StoredParent(e, Top(reader));
        if (e is { } id)
            return new StoredParent(e, LoneRoot(reader, id));

        // Retention let it go. As it can not come again its tree is one of those of parents that are awaited, but does not count as one.
        return reader.GetBoolean(13) ? new StoredParent(null, new Fragment(reader.GetGuid(5)) { IsPhantom = true, Fields = fields }) : null;
    }

    Fragment Top(NpgsqlDataReader reader)
    {
        var id = reader.GetGuid(7);
        if (tops.TryGetValue(id, out var known))
            return known;
        var isPhantom = reader.IsDBNull(8);
        var sums = TreeSums.Read(reader.GetFieldValue<byte[]>(12));
        return tops[id] = new Fragment(id)
        {
            IsPhantom = isPhantom,
            Type = isPhantom ? 0 : reader.GetInt32(8),
            Person = isPhantom ? 0 : reader.GetInt32(9),
            Timestamp = isPhantom ? 0 : EventId.TimestampOf(id)!.Value,
            Members = reader.GetInt32(10),
            Fields = reader.GetInt16(11),
            Sums = sums,
            Counted = isPhantom ? null : new(sums),
        };
    }

    Fragment LoneRoot(NpgsqlDataReader reader, Guid id)
    {
        if (tops.TryGetValue(id, out var known))
            return known;
        var values = EventValues.Of(reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4), registered).ToDictionary(v => v.Field, v => v.Value);
        return tops[id] = new Fragment(id)
        {
            Type = reader.GetInt32(2),
            Person = reader.GetInt32(3),
            Timestamp = EventId.TimestampOf(id)!.Value,
            Members = 1,
            Fields = fields,
            Sums = values,
            Counted = new(values),
        };
    }

    /// <summary>The statements that write the fragments and shorten the ways that were found to be long; part of the batch that commits.</summary>
    public IEnumerable<NpgsqlBatchCommand> Save(IReadOnlyCollection<Fragment> fragments)
    {
        if (fragments.Count > 0)
            yield return Command(
                SaveSql,
                new NpgsqlParameter<Guid[]> { TypedValue = [.. fragments.Select(f => f.Id)] },
                new NpgsqlParameter<Guid?[]> { TypedValue = [.. fragments.Select(f => f.Up is null ? (Guid?)null : f.Top.Id)] },
                new NpgsqlParameter<int?[]> { TypedValue = [.. fragments.Select(f => f.IsPhantom ? (int?)null : f.Type)] },
                new NpgsqlParameter<int?[]> { TypedValue = [.. fragments.Select(f => f.IsPhantom ? (int?)null : f.Person)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. fragments.Select(f => f.Members)] },
                new NpgsqlParameter<short[]> { TypedValue = [.. fragments.Select(f => f.Fields)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. fragments.Select(f => TreeSums.Write(f.Sums))] });
        if (shortcuts.Count > 0)
            yield return Command(
                ShortenSql,
                new NpgsqlParameter<Guid[]> { TypedValue = [.. shortcuts.Keys] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. shortcuts.Values] });
    }

    NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.AddRange(parameters);
        return command;
    }
}

/// <summary>
/// What is stored of a parent that new events name: its id, or null as long as it is awaited or when it is gone, and the top of the tree it belongs to.
/// </summary>
sealed record StoredParent(Guid? Event, Fragment Top);
