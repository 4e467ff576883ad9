using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Events;

/// <summary>Some events to list, and what tells the rows of a page apart.</summary>
static class ListedEvents
{
    public static async Task<WorkspaceClient> FilledAsync(this AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event("order.paid", Some.Day, "paid", metadata: Metadata("""{"plan":"pro","seats":3,"address":{"city":"Berlin"}}""")),
            Some.Event("order.sent", Some.Day.AddHours(1), "sent", customer: "globex", metadata: Metadata("""{"plan":"free","trial":true,"load":"100%"}""")),
            Some.Event("page.seen", Some.Day.AddHours(2), "seen", metadata: Metadata("""{"plan":"pro","a":{"b.c":"deep","b":{"c":"deeper"}},"text":"say \"hi\""}""")),
            Some.Event("file_share.created", Some.Day.AddHours(3), "share", customer: null, source: "system", metadata: Metadata("""{"share_id":"s1"}""")));
        return workspace;
    }

    public static JsonObject Metadata(string text) => (JsonObject)JsonNode.Parse(text)!;

    public static Guid Id(JsonElement row) => row.GetProperty("id").GetGuid();

    public static List<string?> ExternalIds(JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("external_id").GetString())];
}
