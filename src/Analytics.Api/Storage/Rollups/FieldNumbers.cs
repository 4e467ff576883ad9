using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// The numeric fields of a workspace that rollups know. The first question about another path has it registered: until the rollups
/// have been counted anew with it, it is answered from raw events.
/// </summary>
static class FieldNumbers
{
    const string NumbersSql = """
        select path, field
        from fields
        where workspace_id = $1
          and path = any($2)
          and ready
        """;

    /// <summary>The fields' numbers in the order asked; null for one the rollups cannot answer yet.</summary>
    public static async Task<short?[]> ReadAsync(
        NpgsqlConnection connection, int workspace, string[] paths, CancellationToken cancel)
    {
        var known = new Dictionary<string, short>(StringComparer.Ordinal);
        for (short field = 1; field <= FieldCatalogue.LastBuiltIn; field++)
            known[FieldCatalogue.BuiltIn[field - 1]] = field;
        if (!Array.TrueForAll(paths, known.ContainsKey))
        {
            var parameters = new SqlParameters();
            parameters.Add(workspace);
            parameters.Add(paths);
            await using var command = parameters.Command(NumbersSql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                known[reader.GetString(0)] = reader.GetInt16(1);
        }

        return [.. paths.Select(path => known.TryGetValue(path, out var field) ? field : (short?)null)];
    }
}

/// <summary>Has fields registered in the background; it returns at once.</summary>
delegate void RegisterFields(int workspace, IEnumerable<string> paths);
