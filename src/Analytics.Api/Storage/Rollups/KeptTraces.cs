using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// What trees have kept of traces some of whose events retention let go: a root's own day is recounted when a descendant's,
/// on whatever day before, can not be any more.
/// </summary>
sealed class KeptTraces
{
    const string TreesSql = """
        select id, members, fields, sums
        from trees
        where workspace_id = $1
          and up is null
          and type is not null
        """;

    readonly Dictionary<Guid, int> left = [];
    readonly Dictionary<Guid, (short Fields, byte[] Sums)> kept = [];

    /// <summary>Notes a descendant that is still there.</summary>
    public void Saw(Guid root) => left[root] = left.GetValueOrDefault(root) + 1;

    /// <summary>Reads the trees that have more members than were seen.</summary>
    public async Task LoadAsync(NpgsqlConnection reading, int workspace, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(TreesSql, reading) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            if (row.GetInt32(1) > left.GetValueOrDefault(row.GetGuid(0)) + 1)
                kept[row.GetGuid(0)] = (row.GetInt16(2), row.GetFieldValue<byte[]>(3));
        left.Clear();
    }

    /// <summary>Puts the sums that were kept in the place of those of the fields they know.</summary>
    public void Replace(Guid root, List<(short Field, Int128 Value)> values)
    {
        if (!kept.TryGetValue(root, out var tree))
            return;
        values.RemoveAll(value => value.Field <= tree.Fields);
        foreach (var (field, sum) in TreeSums.Read(tree.Sums))
            values.Add((field, sum));
    }
}
