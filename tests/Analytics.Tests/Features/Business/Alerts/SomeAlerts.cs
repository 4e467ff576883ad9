using System.Text.Json.Nodes;
using Analytics.Features.Business.Alerts;
using Analytics.Tenancy;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Alerts as the route takes them.</summary>
static class SomeAlerts
{
    public const string Path = "/api/v1/alerts";

    /// <summary>Looks at a workspace's alerts now, and tells what there is to be told.</summary>
    public static async Task LookAtAlertsAsync(this WorkspaceClient client)
    {
        var workspace = (await client.Api.Services.GetRequiredService<TenantDirectory>().NamedAsync(client.Slug))!;
        await LookAsync(client.Api, new WatchedWorkspace(workspace));
    }

    /// <summary>The same with what is held already.</summary>
    internal static Task LookAsync(AnalyticsApi api, WatchedWorkspace watched)
    {
        var now = Rfc3339.Microseconds(api.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        return api.Services.GetRequiredService<AlertWatch>().LookAsync(
            watched, now - now % AlertWords.Minute, TestContext.Current.CancellationToken);
    }

    /// <summary>Of how many events there are, of a name and by a dimension where these are given.</summary>
    public static JsonObject Count(
        decimal above = 2, string window = "15m", string? name = null, string? dimension = null, string? events = null,
        decimal? changePercent = null, string dataset = "events") => Of(
            """{"aggregation":"count"}""", changePercent is { } percent
                ? new JsonObject { ["changePercent"] = percent }
                : new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = above },
            window, name, dimension, events, dataset);

    public static JsonObject Of(
        string metric, JsonObject when, string window = "15m", string? name = null, string? dimension = null, string? events = null,
        string dataset = "events", JsonArray? filters = null)
    {
        var query = new JsonObject { ["dataset"] = dataset, ["metrics"] = new JsonArray(JsonNode.Parse(metric)) };
        if (dimension is not null)
            query["dimensions"] = new JsonArray(dimension);
        if (events is not null)
            query["events"] = new JsonArray(events);
        if (filters is not null)
            query["filters"] = filters;
        return new() { ["name"] = name ?? "Many events", ["query"] = query, ["window"] = window, ["when"] = when };
    }
}
