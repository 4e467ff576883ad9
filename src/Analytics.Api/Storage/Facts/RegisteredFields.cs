using Npgsql;

namespace Analytics.Storage.Facts;

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
    public static Task<List<string>> ReadAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        connection.QueryAsync("""
            select path
            from fields
            where workspace_id = $1
              and field > $2
            order by field
            """, [workspace, FieldCatalogue.LastBuiltIn], row => row.GetString(0), cancel);
}
