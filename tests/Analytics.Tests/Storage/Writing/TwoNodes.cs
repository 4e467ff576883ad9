using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Storage.Writing;

/// <summary>The service a second time over the same store: only two nodes can be in the store at the same moment.</summary>
public sealed class TwoNodes(AnalyticsApi api) : IAsyncLifetime
{
    Node second = null!;

    public AnalyticsApi First => api;

    /// <summary>A key of the first node, acted on through the second one.</summary>
    public ApiClient SecondOf(ApiClient client) => second.Of(client);

    /// <summary>Posts events whatever happens, and answers how many were inserted and how many were duplicates.</summary>
    public static async Task<(int Inserted, int Duplicates)> PostAsync(ApiClient client, IEnumerable<JsonNode> events)
    {
        var answer = await client.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray([.. events]) });
        return (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32());
    }

    public static async Task<List<JsonElement>> EventsAsync(ApiClient client, string filter = "")
    {
        var events = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetAsync($"/api/events?limit=1000{filter}{(cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : "")}");
            events.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
        }
        return events;
    }

    public async ValueTask InitializeAsync() => second = await Node.StartAsync(api);

    public ValueTask DisposeAsync() => second.DisposeAsync();
}
