namespace Analytics.Storage.Verification;

/// <summary>
/// A row of <c>trace_nodes</c>. One that leads nowhere stands for its trace, which has a type unless its root is pending.
/// </summary>
sealed record TraceNodeRow(
    Guid Id, Guid? Up, Guid? Root, int? Type, int? Person, bool IsMixed, int Members, short Fields, byte[] Sums, long Sequence)
{
    const string Columns = "t.id, t.up, t.root, t.type, t.person, t.mixed, t.members, t.fields, t.sums, t.seq";

    const string ByIdSql = $"""
        select {Columns}
        from unnest($2) as wanted (id)
        cross join lateral (
            select *
            from trace_nodes
            where workspace_id = $1
              and id = wanted.id
            offset 0
        ) t
        """;

    const string AfterSql = $"select {Columns} from trace_nodes t where t.workspace_id = $1 and t.id > $2 order by t.id limit $3";

    public static Task<List<TraceNodeRow>> FindAsync(StoreSnapshot snapshot, IEnumerable<Guid> ids, CancellationToken cancel) =>
        ReadAsync(snapshot, ByIdSql, [ids.Distinct().ToArray()], cancel);

    public static Task<List<TraceNodeRow>> AfterAsync(StoreSnapshot snapshot, Guid id, int most, CancellationToken cancel) =>
        ReadAsync(snapshot, AfterSql, [id, most], cancel);

    static Task<List<TraceNodeRow>> ReadAsync(StoreSnapshot snapshot, string sql, SqlValue[] values, CancellationToken cancel) =>
        snapshot.ReadAsync(sql, values, row => new TraceNodeRow(
            row.GetGuid(0), row.GetFieldValue<Guid?>(1), row.GetFieldValue<Guid?>(2), row.GetFieldValue<int?>(3),
            row.GetFieldValue<int?>(4), row.GetBoolean(5), row.GetInt32(6), row.GetInt16(7), row.GetFieldValue<byte[]>(8), row.GetInt64(9)),
            cancel);
}
