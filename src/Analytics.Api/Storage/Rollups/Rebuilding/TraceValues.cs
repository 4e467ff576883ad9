using Analytics.Storage.Facts;
using Analytics.Storage.Traces;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// What everything below the roots that are counted anew adds to their values. Of traces some of whose events retention let go, what
/// their nodes have kept counts: a root's own day is recounted when a descendant's, on whatever day before, can not be any more.
/// </summary>
sealed class TraceValues
{
    const string UpsSql = "select id, up from trace_nodes where workspace_id = $1 and up is not null";

    const string MembersSql = """
        select trace, metadata::text
        from events
        where workspace_id = $1
          and parent is not null
        """;

    const string NodesSql = """
        select id, fields, sums, members
        from trace_nodes
        where workspace_id = $1
          and up is null
          and type is not null
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

    readonly TraceSums descendants = new();
    readonly Dictionary<Guid, (short Fields, byte[] Sums)> kept = [];

    /// <summary>Adds a root's descendants to its own values; what was kept takes the place of those of the fields it knows.</summary>
    public void AddTo(Guid root, List<(short Field, Int128 Value)> values)
    {
        descendants.AddTo(root, values);
        if (!kept.TryGetValue(root, out var node))
            return;
        values.RemoveAll(value => value.Field <= node.Fields);
        foreach (var (field, sum) in NodeSums.Read(node.Sums))
            values.Add((field, sum));
    }

    /// <summary>Adds up all events that have a parent.</summary>
    public static async Task<TraceValues> OfAllAsync(RawCount count, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        var traces = new TraceValues();
        var (ups, left) = (new Dictionary<Guid, Guid>(), new Dictionary<Guid, int>());
        await count.Reading.EachForAsLongAsItTakesAsync(UpsSql, [count.Workspace], row => ups[row.GetGuid(0)] = row.GetGuid(1), cancel);
        await count.Reading.EachForAsLongAsItTakesAsync(MembersSql, [count.Workspace], row =>
        {
            var top = row.GetGuid(0);
            while (ups.TryGetValue(top, out var up))
                top = up;
            if (count.IsSealedBefore)
                left[top] = left.GetValueOrDefault(top) + 1;
            foreach (var (field, value) in EventValues.Of(row.Bytes(1), registered))
                traces.descendants.Add(top, field, value);
        }, cancel);
        if (count.IsSealedBefore)
            await count.Reading.EachForAsLongAsItTakesAsync(NodesSql, [count.Workspace], row =>
            {
                if (row.GetInt32(3) > left.GetValueOrDefault(row.GetGuid(0)) + 1)
                    traces.kept[row.GetGuid(0)] = (row.GetInt16(1), row.GetFieldValue<byte[]>(2));
            }, cancel);
        return traces;
    }

    /// <summary>
    /// Takes what the rows of the roots' traces say; for fields that were registered after a row was written, goes down the trace.
    /// </summary>
    public static async Task<TraceValues> OfRootsAsync(RawCount count, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        var traces = new TraceValues();
        var hashKey = await KeyHash.KeyOfAsync(count.Reading, count.Workspace, cancel);
        var below = new WayDown<(Guid Root, short Known)>(count.Reading, count.Workspace, hashKey);
        await count.Reading.EachAsync(RootsSql, [count.Workspace, count.FromTime, count.ToTime], row =>
        {
            var (root, known) = (row.GetGuid(0), row.GetInt16(1));
            traces.kept[root] = (known, row.GetFieldValue<byte[]>(2));
            if (known < FieldCatalogue.LastBuiltIn + registered.Count)
                below.Add(root, row.Bytes(3), (root, known));
        }, cancel);
        await below.EachAsync((top, metadata) =>
        {
            foreach (var (field, value) in EventValues.Of(metadata, registered))
                if (field > top.Known)
                    traces.descendants.Add(top.Root, field, value);
        }, cancel);
        return traces;
    }
}
