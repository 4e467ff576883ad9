using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage.Verification;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Features.Portals;

/// <summary>A workspace with two portal keys, and the events that are sent and seen with them.</summary>
static class PortalSpace
{
    public static async Task<(WorkspaceClient Workspace, WorkspaceClient Mine, WorkspaceClient Theirs)> TwoPortalsAsync(this AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync();
        return (
            workspace, await workspace.BoundToAsync(await workspace.NewCustomerAsync("a")),
            await workspace.BoundToAsync(await workspace.NewCustomerAsync("b")));
    }

    public static JsonObject Own(string externalId, string? parent = null, decimal cost = 1, JsonObject? metadata = null)
    {
        var made = Some.Event("step", Some.Day, externalId, parent: parent, cost: cost, metadata: metadata);
        made.Remove("external_customer_id");
        made["name"] = "storefront.step"; // a name that the backend may send without a customer, too
        return made;
    }

    public static async Task VerifiesAsync(this AnalyticsApi api, WorkspaceClient workspace) =>
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, await RandomLife.KeyOfAsync(workspace)));

    public static async Task<(int Inserted, int Duplicates)> IngestAsync(WorkspaceClient sender, params JsonObject[] events)
    {
        var answer = await sender.IngestAsync(events.Select(e => e.DeepClone()));
        return (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32());
    }

    public static async Task<List<PortalRow>> RowsAsync(ApiClient reader, string query = "") =>
        [.. (await reader.GetAsync($"/api/events?source=user&limit=1000{query}")).GetProperty("data").EnumerateArray().Select(PortalRow.Of)];
}

/// <summary>An event as a list shows it: where it hangs, and what hangs on it.</summary>
sealed record PortalRow(Guid Id, string? ExternalId, Guid? Parent, Guid? Root, string? Pending, int Children, int Descendants, string? Sum)
{
    public static PortalRow Of(JsonElement row) => new(
        row.GetProperty("id").GetGuid(), row.GetProperty("external_id").GetString(), IdIn(row, "parent_id"), IdIn(row, "root_id"),
        row.GetProperty("pending_parent_id").GetString(), row.GetProperty("child_count").GetInt32(),
        row.GetProperty("descendant_count").GetInt32(),
        row.TryGetProperty("aggregates", out var sums) ? sums.GetProperty("_cost.amount").GetString() : null);

    static Guid? IdIn(JsonElement row, string member) =>
        row.GetProperty(member) is { ValueKind: JsonValueKind.String } id ? id.GetGuid() : null;
}
