using Npgsql;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>What the service stored of a log, counted as <see cref="LogCounts"/> counts it.</summary>
sealed record StoredRequests(
    SortedDictionary<string, long> ByDayAndStatus, SortedDictionary<string, long> ByRequest, SortedDictionary<string, long> ByEndpoint)
{
    const string Sql = """
        select to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD ') || status, method || ' ' || path, text
        from requests
        join workspaces using (workspace_id)
        join request_texts on request_texts.workspace_id = requests.workspace_id and kind = 1 and number = endpoint
        where workspaces.id = $1
        """;

    public static async Task<StoredRequests> OfAsync(WorkspaceClient workspace)
    {
        var stored = new StoredRequests(new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        await using var command = workspace.Api.Store.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { Value = workspace.Id });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            Count(stored.ByDayAndStatus, row.GetString(0));
            Count(stored.ByRequest, row.GetString(1));
            Count(stored.ByEndpoint, row.GetString(2));
        }

        return stored;
    }

    static void Count(SortedDictionary<string, long> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}
