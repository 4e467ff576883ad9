using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Requests;

/// <summary>API requests as the ingest route takes them, when it does not matter which.</summary>
static class SomeRequests
{
    public static JsonObject Request(
        string path = "/ping", decimal latency = 10, int status = 200, DateTimeOffset? at = null, string? customer = null,
        string? id = null) => new()
    {
        ["method"] = "GET",
        ["path"] = path,
        ["statusCode"] = status,
        ["latencyMs"] = latency,
        ["timestamp"] = (at ?? Some.Day.AddHours(12)).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["customerId"] = customer,
        ["requestId"] = id,
    };

    /// <summary>Ingests them and answers <c>{"inserted", "duplicates"}</c>.</summary>
    public static Task<JsonElement> TellAsync(this ApiClient client, params IEnumerable<JsonNode> requests) =>
        client.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. requests]) });
}
