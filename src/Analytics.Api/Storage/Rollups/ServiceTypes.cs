using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>The event types of what the service itself tells about customers: they make nobody an active user.</summary>
static class ServiceTypes
{
    public static async Task<HashSet<int>> OfAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel)
    {
        var types = new HashSet<int>();
        await using var command = new NpgsqlCommand("""
            select type
            from event_types
            where workspace_id = $1
              and name = any($2)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ReservedNames.ServicesOwn });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            types.Add(reader.GetInt32(0));
        return types;
    }
}
