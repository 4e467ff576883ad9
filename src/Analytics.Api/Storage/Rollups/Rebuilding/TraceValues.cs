using Analytics.Storage.Facts;
using Analytics.Storage.Traces;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// What everything below the roots that are counted anew adds to their values. Of traces some of whose events retention let go, what
/// their nodes have kept counts: a root's own day is recounted when a descendant's, on whatever day before, can not be any more.
/// </summary>
sealed class TraceValues
{
    const string LeadsSql = "select id, up, root from trace_nodes where workspace_id = $1 and (up is not null or root <> id)";

    const string MembersSql = """
        select trace, metadata::text
        from events
        where workspace_id = $1
          and parent is not null
        """;

    const string NodesSql = """
        select root, fields, sums, members
        from trace_nodes
        where workspace_id = $1
          and up is null
          and type is not null
        """;

    const string RootsSql = """
        select e.id, top.fields, top.sums
        from events e
        cross join lateral (
            with recursive way as (
                select up, fields, sums
                from trace_nodes
                where workspace_id = $1
                  and id = e.id
                union all
                select next.*
                from way
                cross join lateral (
                    select up, fields, sums
                    from trace_nodes
                    where workspace_id = $1
                      and id = way.up
                    offset 0
                ) next
            )
            select fields, sums
            from way
            where up is null
        ) top
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
          and e.parent is null
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
        var (ups, roots, left) = (new Dictionary<Guid, Guid>(), new Dictionary<Guid, Guid>(), new Dictionary<Guid, int>());
        await count.Reading.EachForAsLongAsItTakesAsync(LeadsSql, [count.Workspace], row =>
        {
            if (row.IsDBNull(1))
                roots[row.GetGuid(0)] = row.GetGuid(2);
            else
                ups[row.GetGuid(0)] = row.GetGuid(1);
        }, cancel);
        await count.Reading.EachForAsLongAsItTakesAsync(MembersSql, [count.Workspace], row =>
        {
            var top = row.GetGuid(0);
            while (ups.TryGetValue(top, out var up))
                top = up;
            var root = roots.GetValueOrDefault(top, top);
            if (count.IsSealedBefore)
                left[root] = left.GetValueOrDefault(root) + 1;
            foreach (var (field, value) in EventValues.Of(row.Bytes(1), registered))
                traces.descendants.Add(root, field, value);
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
        var behind = new List<Guid>();
        await count.Reading.EachAsync($"{RootsSql} {count.AndOfPeople("coalesce(e.person, 0)")}", count.Values, row =>
        {
            var (root, known) = (row.GetGuid(0), row.GetInt16(1));
            traces.kept[root] = (known, row.GetFieldValue<byte[]>(2));
            if (known < FieldCatalogue.LastBuiltIn + registered.Count)
                behind.Add(root);
        }, cancel);
        var hashKey = await KeyHash.KeyOfAsync(count.Reading, count.Workspace, cancel);
        var below = new WayDown(count.Reading, count.Workspace, hashKey, behind);
        await below.EachAsync(step =>
        {
            var root = below.Starts[step.Start];
            foreach (var (field, value) in EventValues.Of(step.Metadata, registered))
                if (!step.IsStart && field > traces.kept[root].Fields)
                    traces.descendants.Add(root, field, value);
        }, cancel);
        return traces;
    }
}
