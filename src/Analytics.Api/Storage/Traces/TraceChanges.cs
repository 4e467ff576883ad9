using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>The statements that write nodes and the list of pending parents; part of the batch that commits.</summary>
sealed class TraceChanges(int workspace)
{
    const string InsertSql = """
        insert into trace_nodes (workspace_id, id, up, type, person, members, fields, sums)
        select $1, node.*
        from unnest($2, $3, $4, $5, $6, $7, $8) as node (id, up, type, person, members, fields, sums)
        """;

    // Twice as dear as an insert, but by the key whatever the planner thinks: an update that joins an array may scan.
    const string UpdateSql = $"""
        {InsertSql}
        on conflict (workspace_id, id) do update
        set up = excluded.up, members = excluded.members, fields = excluded.fields, sums = excluded.sums
        """;

    // Each of them has a row.
    const string ShortenSql = """
        insert into trace_nodes (workspace_id, id, up, members, fields, sums)
        select $1, shortcut.id, shortcut.top, 0, 0, ''
        from unnest($2, $3) as shortcut (id, top)
        on conflict (workspace_id, id) do update
        set up = excluded.up
        """;

    const string AwaitSql = """
        insert into pending_parents (workspace_id, id)
        select $1, pending.id
        from unnest($2) as pending (id)
        """;

    const string ComeSql = """
        delete from pending_parents
        where workspace_id = $1
          and id = $2
        """;

    /// <param name="nodes">What the nodes are now.</param>
    /// <param name="shortcuts">Nodes that were found far from their top, with the top.</param>
    /// <param name="pending">Parents that are pending from now on.</param>
    /// <param name="come">Parents that were pending until now.</param>
    public IEnumerable<NpgsqlBatchCommand> Save(
        List<TraceNode> nodes, IReadOnlyDictionary<Guid, Guid> shortcuts, List<Guid> pending, List<Guid> come)
    {
        var (known, made) = (nodes.Where(node => node.IsStored).ToList(), nodes.Where(node => !node.IsStored).ToList());
        if (made.Count > 0)
            yield return Save(InsertSql, made);
        if (known.Count > 0)
            yield return Save(UpdateSql, known);
        if (shortcuts.Count > 0)
            yield return Sql.Statement(ShortenSql, [workspace, shortcuts.Keys.ToArray(), shortcuts.Values.ToArray()]);
        if (pending.Count > 0)
            yield return Sql.Statement(AwaitSql, [workspace, pending.ToArray()]);
        // One by one, for the same reason.
        foreach (var id in come)
            yield return Sql.Statement(ComeSql, [workspace, id]);
    }

    NpgsqlBatchCommand Save(string sql, List<TraceNode> nodes) => Sql.Statement(sql,
    [
        workspace,
        Column(nodes, node => node.Id),
        Column(nodes, node => node.Up is null ? (Guid?)null : node.Top.Id),
        Column(nodes, node => node.IsPending ? (int?)null : node.Type),
        Column(nodes, node => node.IsPending ? (int?)null : node.Person),
        Column(nodes, node => node.Members),
        Column(nodes, node => node.Fields),
        Column(nodes, node => NodeSums.Write(node.Sums)),
    ]);

    static SqlValue Column<T>(List<TraceNode> nodes, Func<TraceNode, T> column) => SqlValue.Of(nodes.Select(column).ToArray());
}
