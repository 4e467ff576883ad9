using Analytics.Storage.Traces;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// What trace nodes have kept of traces some of whose events retention let go: a root's own day is recounted when a descendant's,
/// on whatever day before, can not be any more.
/// </summary>
sealed class KeptTraces
{
    const string NodesSql = """
        select id, members, fields, sums
        from trace_nodes
        where workspace_id = $1
          and up is null
          and type is not null
        """;

    readonly Dictionary<Guid, int> left = [];
    readonly Dictionary<Guid, (short Fields, byte[] Sums)> kept = [];

    /// <summary>Notes a descendant that is still there.</summary>
    public void Saw(Guid root) => left[root] = left.GetValueOrDefault(root) + 1;

    /// <summary>Reads the traces that have more members than were seen.</summary>
    public async Task LoadAsync(NpgsqlConnection reading, int workspace, CancellationToken cancel)
    {
        await reading.EachForAsLongAsItTakesAsync(NodesSql, [workspace], row =>
        {
            if (row.GetInt32(1) > left.GetValueOrDefault(row.GetGuid(0)) + 1)
                Keep(row.GetGuid(0), row.GetInt16(2), row.GetFieldValue<byte[]>(3));
        }, cancel);
        left.Clear();
    }

    /// <summary>Keeps what a trace's row says, whatever is left of the trace.</summary>
    public void Keep(Guid root, short fields, byte[] sums) => kept[root] = (fields, sums);

    /// <summary>Puts the sums that were kept in the place of those of the fields they know.</summary>
    public void Replace(Guid root, List<(short Field, Int128 Value)> values)
    {
        if (!kept.TryGetValue(root, out var node))
            return;
        values.RemoveAll(value => value.Field <= node.Fields);
        foreach (var (field, sum) in NodeSums.Read(node.Sums))
            values.Add((field, sum));
    }
}
