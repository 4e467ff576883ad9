using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Requests;

/// <summary>API requests as a product tells them.</summary>
static class Told
{
    /// <summary>A request as the ingest route takes it; what is null is left out.</summary>
    public static JsonObject Request(
        DateTimeOffset at, string path = "/orders", double latency = 10, int status = 200, string? customer = "acme", string? route = null,
        string? id = null, string? apiKey = null, string? product = null, string? agent = null, string? ip = null, long size = 100)
    {
        var told = new JsonObject
        {
            ["method"] = "GET", ["path"] = path, ["statusCode"] = status, ["latencyMs"] = latency, ["responseSize"] = size, ["requestSize"] = size / 10,
            ["timestamp"] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        foreach (var (member, value) in new[]
            {
                ("customerId", customer), ("route", route), ("requestId", id), ("apiKeyId", apiKey), ("productId", product), ("userAgent", agent), ("ip", ip),
            })
            if (value is not null)
                told[member] = value;
        return told;
    }

    /// <summary>Tells requests; <c>{"inserted", "duplicates"}</c>.</summary>
    public static Task<JsonElement> TellAsync(this WorkspaceClient client, params IEnumerable<JsonObject> requests) =>
        client.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. requests]) });

    /// <summary>The rows of a list, each as some of its members.</summary>
    public static async Task<string[]> RowsAsync(this ApiClient client, string path, params string[] members) =>
        [.. (await client.GetAsync(path)).GetProperty("data").EnumerateArray()
            .Select(row => string.Join(' ', members.Select(member => row.GetProperty(member).ToString())))];
}
