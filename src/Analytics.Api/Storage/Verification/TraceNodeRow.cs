namespace Analytics.Storage.Verification;

/// <summary>A row of <c>trace_nodes</c>; a root has a type, a pending parent has none.</summary>
sealed record TraceNodeRow(Guid Id, Guid? Up, int? Type, int? Person, int Members, short Fields, byte[] Sums)
{
    const string Columns = "t.id, t.up, t.type, t.person, t.members, t.fields, t.sums";

    const string ByIdSql = $"select {Columns} from trace_nodes t where t.workspace_id = $1 and t.id = any($2)";

    const string AfterSql = $"select {Columns} from trace_nodes t where t.workspace_id = $1 and t.id > $2 order by t.id limit $3";

    public bool IsRoot => Type is not null;

    public static Task<List<TraceNodeRow>> FindAsync(StoreSnapshot snapshot, IEnumerable<Guid> ids, CancellationToken cancel) =>
        ReadAsync(snapshot, ByIdSql, [ids.Distinct().ToArray()], cancel);

    public static Task<List<TraceNodeRow>> AfterAsync(StoreSnapshot snapshot, Guid id, int most, CancellationToken cancel) =>
        ReadAsync(snapshot, AfterSql, [id, most], cancel);

    static Task<List<TraceNodeRow>> ReadAsync(StoreSnapshot snapshot, string sql, SqlValue[] values, CancellationToken cancel) =>
        snapshot.ReadAsync(sql, values, row => new TraceNodeRow(
            row.GetGuid(0), row.GetFieldValue<Guid?>(1), row.GetFieldValue<int?>(2), row.GetFieldValue<int?>(3), row.GetInt32(4),
            row.GetInt16(5), row.GetFieldValue<byte[]>(6)), cancel);
}
