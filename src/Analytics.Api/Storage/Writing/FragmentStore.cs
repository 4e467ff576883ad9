using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>Reads the pieces of stored traces a group of new events touches, and writes them back.</summary>
public sealed class FragmentStore(NpgsqlConnection connection, int workspace, byte[] hashKey, short fields, IReadOnlyList<string> registered)
{
    // Every look-up here is lateral and by a whole key: what the planner knows of tables that fill while it looks is not to be
    // relied on, and one plan that scans would stop all writers.

    // Rows with the tops they lead to. Chains are short: each attachment adds a step, each later one cuts it.
    const string TopsSql = """
        with recursive chain as (
            select wanted.id as start, tree.id, tree.up, 0 as steps
            from unnest($2) as wanted (id)
            cross join lateral (
                select id, up
                from trees
                where workspace_id = $1
                  and id = wanted.id
                offset 0
            ) tree
            union all
            select chain.start, next.id, next.up, chain.steps + 1
            from chain
            cross join lateral (
                select id, up
                from trees
                where workspace_id = $1
                  and id = chain.up
                offset 0
            ) next
        )
        select chain.start, chain.steps, top.id, top.type, top.person, top.members, top.fields, top.sums
        from chain
        cross join lateral (
            select *
            from trees
            where workspace_id = $1
              and id = chain.id
            offset 0
        ) top
        where chain.up is null
        """;

    internal const string EventsSql = """
        select e.id, e.type, coalesce(e.person, 0), e.tree, e.parent is not null, e.metadata::text, e.external_id
        from unnest($2, $3) as wanted (timestamp, id)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and timestamp = wanted.timestamp
              and id = wanted.id
            offset 0
        ) e
        """;

    const string KeysSql = """
        select wanted.hash, known.id
        from unnest($2) as wanted (hash)
        cross join lateral (
            select id
            from event_keys
            where workspace_id = $1
              and kind = 0
              and hash = wanted.hash
            offset 0
        ) known
        """;

    const string SaveSql = """
        insert into trees (workspace_id, id, up, type, person, members, fields, sums)
        select $1, tree.*
        from unnest($2, $3, $4, $5, $6, $7, $8) as tree (id, up, type, person, members, fields, sums)
        on conflict (workspace_id, id) do update
        set up = excluded.up, members = excluded.members, fields = excluded.fields, sums = excluded.sums
        """;

    readonly Dictionary<Guid, Fragment> tops = [];

    /// <summary>Rows more than a step away from their top, to be pointed at it.</summary>
    readonly Dictionary<Guid, Guid> shortcuts = [];

    /// <summary>The tops that the trees with these ids belong to today; ids without a row are left out.</summary>
    public async Task<Dictionary<Guid, Fragment>> TopsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var found = new Dictionary<Guid, Fragment>();
        if (ids.Count == 0)
            return found;
        await using (var command = Command(TopsSql, new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] }))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
            {
                var id = reader.GetGuid(2);
                if (reader.GetInt32(1) > 1)
                    shortcuts[reader.GetGuid(0)] = id;
                if (!tops.TryGetValue(id, out var top))
                    tops.Add(id, top = Read(reader));
                found[reader.GetGuid(0)] = top;
            }

        foreach (var stale in found.Values.Where(top => top.Fields < fields).Distinct().ToList())
            await new FragmentRecount(connection, workspace, hashKey, registered).AddAsync(stale, fields, cancel);
        return found;
    }

    static Fragment Read(NpgsqlDataReader reader)
    {
        var isPhantom = reader.IsDBNull(3);
        var sums = TreeSums.Read(reader.GetFieldValue<byte[]>(7));
        return new Fragment(reader.GetGuid(2))
        {
            IsPhantom = isPhantom,
            Type = isPhantom ? 0 : reader.GetInt32(3),
            Person = isPhantom ? 0 : reader.GetInt32(4),
            Timestamp = isPhantom ? 0 : EventId.TimestampOf(reader.GetGuid(2))!.Value,
            Members = reader.GetInt32(5),
            Fields = reader.GetInt16(6),
            Sums = sums,
            Counted = isPhantom ? null : new(sums),
        };
    }

    /// <summary>The tops of stored events, by the events' ids; ids that are no event of this workspace are left out.</summary>
    public async Task<Dictionary<Guid, Fragment>> TopsOfEventsAsync(IReadOnlyCollection<Guid> events, CancellationToken cancel)
    {
        var found = await TopsAsync(events, cancel);
        var others = events.Where(id => !found.ContainsKey(id) && EventId.TimeOf(id) is not null).ToArray();
        if (others.Length == 0)
            return found;

        var inTrees = new List<(Guid Event, Guid Tree)>();
        await using (var command = Command(
            EventsSql,
            new NpgsqlParameter<DateTime[]> { TypedValue = [.. others.Select(id => EventId.TimeOf(id)!.Value)] },
            new NpgsqlParameter<Guid[]> { TypedValue = others }))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
                if (reader.GetBoolean(4))
                    inTrees.Add((reader.GetGuid(0), reader.GetGuid(3)));
                else
                    found[reader.GetGuid(0)] = LoneRoot(reader);

        var theirs = await TopsAsync([.. inTrees.Select(e => e.Tree).Distinct()], cancel);
        foreach (var (e, tree) in inTrees)
            found[e] = theirs[tree];
        return found;
    }

    Fragment LoneRoot(NpgsqlDataReader reader)
    {
        var id = reader.GetGuid(0);
        if (tops.TryGetValue(id, out var known))
            return known;
        var values = EventValues.Of(reader.IsDBNull(5) ? [] : reader.GetFieldValue<byte[]>(5), registered).ToDictionary(v => v.Field, v => v.Value);
        return tops[id] = new Fragment(id)
        {
            Type = reader.GetInt32(1),
            Person = reader.GetInt32(2),
            Timestamp = EventId.TimestampOf(id)!.Value,
            Members = 1,
            Fields = fields,
            Sums = values,
            Counted = new(values),
        };
    }

    public async Task SaveAsync(IReadOnlyCollection<Fragment> fragments, CancellationToken cancel)
    {
        if (fragments.Count > 0)
        {
            await using var save = Command(
                SaveSql,
                new NpgsqlParameter<Guid[]> { TypedValue = [.. fragments.Select(f => f.Id)] },
                new NpgsqlParameter<Guid?[]> { TypedValue = [.. fragments.Select(f => f.Up is null ? (Guid?)null : f.Top.Id)] },
                new NpgsqlParameter<int?[]> { TypedValue = [.. fragments.Select(f => f.IsPhantom ? (int?)null : f.Type)] },
                new NpgsqlParameter<int?[]> { TypedValue = [.. fragments.Select(f => f.IsPhantom ? (int?)null : f.Person)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. fragments.Select(f => f.Members)] },
                new NpgsqlParameter<short[]> { TypedValue = [.. fragments.Select(f => f.Fields)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. fragments.Select(f => TreeSums.Write(f.Sums))] });
            await save.ExecuteNonQueryAsync(cancel);
        }

        if (shortcuts.Count == 0)
            return;
        await using var shorten = Command(
            """
            update trees
            set up = shortcut.top
            from unnest($2, $3) as shortcut (id, top)
            where trees.workspace_id = $1
              and trees.id = shortcut.id
            """,
            new NpgsqlParameter<Guid[]> { TypedValue = [.. shortcuts.Keys] },
            new NpgsqlParameter<Guid[]> { TypedValue = [.. shortcuts.Values] });
        await shorten.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The ids of stored events by the hashes of their external ids.</summary>
    public async Task<Dictionary<UInt128, Guid>> EventsByKeyAsync(IReadOnlyCollection<UInt128> keys, CancellationToken cancel)
    {
        var found = new Dictionary<UInt128, Guid>();
        if (keys.Count == 0)
            return found;
        await using var command = Command(KeysSql, new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.ToUuid())] });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            found[reader.GetGuid(0).ToSortable()] = reader.GetGuid(1);
        return found;
    }

    NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.AddRange(parameters);
        return command;
    }
}
