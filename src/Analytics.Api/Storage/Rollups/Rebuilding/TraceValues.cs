using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>What everything below the roots that are counted anew adds to their values.</summary>
sealed class TraceValues
{
    const string UpsSql = "select id, up from trace_nodes where workspace_id = $1 and up is not null";

    const string MembersSql = """
        select trace, metadata::text
        from events
        where workspace_id = $1
          and parent is not null
        """;

    const string RootsSql = """
        select t.id, t.fields, t.sums, e.external_id
        from events e
        join trace_nodes t on t.workspace_id = e.workspace_id and t.id = e.id
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
          and e.parent is null
          and t.up is null
        """;

    const string ChildrenSql = """
        select e.parent, e.id, e.external_id, e.metadata::text
        from unnest($2) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and parent = named.parent
            offset 0
        ) e
        """;

    readonly TraceSums descendants = new();
    readonly KeptTraces kept = new();

    /// <summary>Adds a root's descendants to its own values.</summary>
    public void AddTo(Guid root, List<(short Field, Int128 Value)> values)
    {
        descendants.AddTo(root, values);
        kept.Replace(root, values);
    }

    /// <summary>
    /// Adds up all events that have a parent. Where some of a trace may be gone, what its row has kept of it counts.
    /// </summary>
    public static async Task<TraceValues> OfAllAsync(RawCount count, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        var traces = new TraceValues();
        var ups = new Dictionary<Guid, Guid>();
        await count.Reading.EachForAsLongAsItTakesAsync(UpsSql, [count.Workspace], row => ups[row.GetGuid(0)] = row.GetGuid(1), cancel);
        await count.Reading.EachForAsLongAsItTakesAsync(MembersSql, [count.Workspace], row =>
        {
            var top = row.GetGuid(0);
            while (ups.TryGetValue(top, out var up))
                top = up;
            if (count.IsSealedBefore)
                traces.kept.Saw(top);
            foreach (var (field, value) in EventValues.Of(row.IsDBNull(1) ? [] : row.GetFieldValue<byte[]>(1), registered))
                traces.descendants.Add(top, field, value);
        }, cancel);
        if (count.IsSealedBefore)
            await traces.kept.LoadAsync(count.Reading, count.Workspace, cancel);
        return traces;
    }

    /// <summary>
    /// Takes what the rows of the roots' traces say; for fields that were registered after a row was written, goes down the trace.
    /// </summary>
    public static async Task<TraceValues> OfRootsAsync(RawCount count, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        var traces = new TraceValues();
        var level = new Dictionary<Guid, (Guid Root, short Known)>();
        var hashKey = await count.Reading.ScalarAsync<byte[]>(
            "select hash_key from workspaces where workspace_id = $1", [count.Workspace], cancel) ?? [];
        await count.Reading.EachAsync(RootsSql, [count.Workspace, count.FromTime, count.ToTime], row =>
        {
            var (root, known) = (row.GetGuid(0), row.GetInt16(1));
            traces.kept.Keep(root, known, row.GetFieldValue<byte[]>(2));
            if (known < FieldCatalogue.LastBuiltIn + registered.Count)
                Name(level, root, row, 3, (root, known));
        }, cancel);
        while (level.Count > 0)
        {
            var parents = level;
            level = [];
            await count.Reading.EachAsync(ChildrenSql, [count.Workspace, parents.Keys.ToArray()], row =>
            {
                var of = parents[row.GetGuid(0)];
                foreach (var (field, value) in EventValues.Of(row.IsDBNull(3) ? [] : row.GetFieldValue<byte[]>(3), registered))
                    if (field > of.Known)
                        traces.descendants.Add(of.Root, field, value);
                Name(level, row.GetGuid(1), row, 2, of);
            }, cancel);
        }

        return traces;

        // Children name their parent by its id or by the hash of its external id.
        void Name(Dictionary<Guid, (Guid, short)> names, Guid id, NpgsqlDataReader row, int externalId, (Guid, short) of)
        {
            names[id] = of;
            if (!row.IsDBNull(externalId))
                names[KeyHash.Of(hashKey, KeyKind.Event, Encoding.UTF8.GetBytes(row.GetString(externalId))).ToUuid()] = of;
        }
    }
}
