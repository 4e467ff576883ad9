using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>The statements that write nodes and the list of pending parents; part of the batch that commits.</summary>
sealed class TraceChanges(int workspace)
{
    const string InsertSql = """
        insert into trace_nodes (workspace_id, id, up, root, type, person, mixed, members, fields, sums, seq)
        select $1, node.*, $11
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as node
        """;

    // Twice as dear as an insert, but by the key whatever the planner thinks: an update that joins an array may scan.
    const string UpdateSql = $"""
        {InsertSql}
        on conflict (workspace_id, id) do update
        set up = excluded.up, root = excluded.root, type = excluded.type, person = excluded.person, mixed = excluded.mixed,
            members = excluded.members, fields = excluded.fields, sums = excluded.sums, seq = excluded.seq
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
    /// <param name="pending">Parents that are pending from now on.</param>
    /// <param name="come">Parents that were pending until now.</param>
    /// <param name="sequence">The last event there is now.</param>
    public IEnumerable<NpgsqlBatchCommand> Save(List<TraceNode> nodes, List<Guid> pending, List<Guid> come, long sequence)
    {
        var (known, made) = (nodes.Where(node => node.IsStored).ToList(), nodes.Where(node => !node.IsStored).ToList());
        if (made.Count > 0)
            yield return Save(InsertSql, made, sequence);
        if (known.Count > 0)
            yield return Save(UpdateSql, known, sequence);
        if (pending.Count > 0)
            yield return Sql.Statement(AwaitSql, [workspace, pending.ToArray()]);
        // One by one, for the same reason.
        foreach (var id in come)
            yield return Sql.Statement(ComeSql, [workspace, id]);
    }

    // A node that was joined to another says no more than where it went.
    NpgsqlBatchCommand Save(string sql, List<TraceNode> nodes, long sequence) => Sql.Statement(sql,
    [
        workspace,
        Column(nodes, node => node.Id),
        Column(nodes, node => node.Up is null ? (Guid?)null : node.Top.Id),
        Column(nodes, node => node.Up is null ? node.Root : (Guid?)null),
        Column(nodes, node => node.Up is null ? node.Type : null),
        Column(nodes, node => node.Up is null ? node.Person : null),
        Column(nodes, node => node is { Up: null, IsMixed: true }),
        Column(nodes, node => node.Up is null ? node.Members : 0),
        Column(nodes, node => node.Up is null ? node.Fields : (short)0),
        Column(nodes, node => node.Up is null ? NodeSums.Write(node.Sums) : []),
        sequence,
    ]);

    static SqlValue Column<T>(List<TraceNode> nodes, Func<TraceNode, T> column) => SqlValue.Of(nodes.Select(column).ToArray());
}
