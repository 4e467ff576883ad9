namespace Analytics.Tests.Oracle.Metrics;

/// <summary>The ids that the service gave to events, which only it knows.</summary>
sealed class GivenIds(WorkspaceClient workspace)
{
    readonly Dictionary<string, string> ids = [];

    public string Of(ToldEvent told) => ids[told.ExternalId];

    /// <summary>Learns them until so many are known. What an erased person's events were called before is not told any more.</summary>
    public async Task LearnAsync(int count)
    {
        for (string? cursor = ""; cursor is not null && ids.Count < count;)
        {
            var page = await workspace.GetAsync($"/api/events?source=user&source=system&limit=1000{cursor}");
            foreach (var e in page.GetProperty("data").EnumerateArray())
                if (e.GetProperty("external_id").GetString() is { } externalId)
                    ids[externalId] = e.GetProperty("id").GetString()!;
            var next = page.GetProperty("meta").GetProperty("next_cursor").GetString();
            cursor = next is null ? null : $"&cursor={Uri.EscapeDataString(next)}";
        }
    }
}
