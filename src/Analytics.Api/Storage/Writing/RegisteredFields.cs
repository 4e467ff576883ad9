using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>Keeps a writer's list of the workspace's registered fields as long as the locked row says it is.</summary>
static class RegisteredFields
{
    public static async Task RefreshAsync(
        NpgsqlConnection connection, WorkspaceNames names, WorkspaceCounters counters, CancellationToken cancel)
    {
        if (names.Fields.Count == counters.Fields - FieldCatalogue.LastBuiltIn)
            return;
        names.Fields.Clear();
        names.Fields.AddRange(await ReadAsync(connection, counters.Workspace, cancel));
    }

    /// <summary>The registered paths in the order of their numbers.</summary>
    public static async Task<List<string>> ReadAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel)
    {
        var paths = new List<string>();
        await using var command = new NpgsqlCommand("""
            select path
            from fields
            where workspace_id = $1
              and field > $2
            order by field
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = FieldCatalogue.LastBuiltIn });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            paths.Add(reader.GetString(0));
        return paths;
    }
}
