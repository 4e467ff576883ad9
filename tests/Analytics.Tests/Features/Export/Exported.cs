using System.Text.Json;

namespace Analytics.Tests.Features.Export;

/// <summary>What an export says.</summary>
static class Exported
{
    /// <summary>The lines of an export as NDJSON.</summary>
    public static async Task<List<JsonElement>> ExportAsync(this ApiClient client, string kind, string query = "")
    {
        using var answer = await client.AskAsync(HttpMethod.Get, $"/api/export/{kind}{query}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, text);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.ToString());
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>The ids of an export's lines.</summary>
    public static async Task<List<Guid>> IdsAsync(this ApiClient client, string kind, string query = "") =>
        [.. (await client.ExportAsync(kind, query)).Select(IdOf)];

    public static Guid IdOf(JsonElement line) => line.GetProperty(line.TryGetProperty("eventId", out _) ? "eventId" : "id").GetGuid();

    public static DateTimeOffset TimeOf(JsonElement line) =>
        line.GetProperty(line.TryGetProperty("createdAt", out _) ? "createdAt" : "timestamp").GetDateTimeOffset();

    /// <summary>Lines are in the order of (timestamp, id).</summary>
    public static void AssertInOrder(IReadOnlyList<JsonElement> lines) => Assert.Equal(
        lines.OrderBy(TimeOf).ThenBy(line => $"{IdOf(line)}", StringComparer.Ordinal).Select(IdOf), lines.Select(IdOf));
}
