using System.Text.Json;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>What the service tells of a log of yesterday and today, counted as <see cref="LogCounts"/> counts it.</summary>
sealed record StoredRequests(
    SortedDictionary<string, long> ByDayAndStatus, SortedDictionary<string, long> ByRequest, SortedDictionary<string, long> ByEndpoint)
{
    public static async Task<StoredRequests> OfAsync(WorkspaceClient workspace)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var (byDayAndStatus, byRequest, byEndpoint) = (Empty(), Empty(), Empty());
        // The log may have been made before midnight.
        foreach (var day in (DateOnly[])[today.AddDays(-2), today.AddDays(-1), today])
            foreach (var status in (await workspace.GetAsync($"/api/requests/latency?date={day:yyyy-MM-dd}"))
                .GetProperty("statusCodes").EnumerateObject())
                byDayAndStatus.Add($"{day:yyyy-MM-dd} {status.Name}", status.Value.GetInt64());

        var range = $"from={today.AddDays(-2):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}&limit=1000";
        await foreach (var row in RowsAsync(workspace, $"/api/requests/endpoints?{range}"))
            byEndpoint.Add(row.GetProperty("endpoint").GetString()!, row.GetProperty("count").GetInt64());
        await foreach (var row in RowsAsync(workspace, $"/api/requests/recent?{range}"))
        {
            var request = $"{row.GetProperty("method").GetString()} {row.GetProperty("path").GetString()}";
            byRequest[request] = byRequest.GetValueOrDefault(request) + 1;
        }

        return new StoredRequests(byDayAndStatus, byRequest, byEndpoint);
    }

    static SortedDictionary<string, long> Empty() => new(StringComparer.Ordinal);

    static async IAsyncEnumerable<JsonElement> RowsAsync(WorkspaceClient workspace, string path)
    {
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await workspace.GetAsync(path + (cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : ""));
            foreach (var row in page.GetProperty("data").EnumerateArray())
                yield return row;
            cursor = page.GetProperty("meta").GetProperty("nextCursor").GetString();
        }
    }
}
