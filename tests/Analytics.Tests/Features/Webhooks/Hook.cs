using System.Text.Json;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>A webhook of a workspace, and what the service says of it.</summary>
public sealed class Hook(WorkspaceClient workspace, string id, string secret)
{
    public const string Route = "/api/v1/webhooks";

    public WorkspaceClient Workspace => workspace;

    public string Id => id;

    public string Secret => secret;

    public string Path => $"{Route}/{id}";

    /// <summary>A webhook to an address; all events when none are named.</summary>
    public static async Task<Hook> NewAsync(WorkspaceClient workspace, string url, params string[] events)
    {
        var made = await workspace.PostAsync(Route, new { url, events = events is [] ? ["*"] : events }, 201);
        return new Hook(workspace, made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    public static Task<Hook> NewAsync(WorkspaceClient workspace, Receiver receiver, params string[] events) =>
        NewAsync(workspace, $"{receiver.Address}", events);

    /// <summary>A webhook of a new workspace.</summary>
    public static async Task<Hook> NewAsync(AnalyticsApi api, Receiver receiver, params string[] events) =>
        await NewAsync(await api.NewWorkspaceAsync(), receiver, events);

    public Task<JsonElement> GetAsync() => workspace.GetAsync(Path);

    public Task<JsonElement> ChangeAsync(object change) => workspace.PatchAsync(Path, change);

    /// <summary>Its deliveries, the newest first.</summary>
    public async Task<List<JsonElement>> DeliveriesAsync() =>
        [.. (await workspace.GetAsync($"{Path}/deliveries")).GetProperty("data").EnumerateArray()];

    /// <summary>The only delivery, once it has been tried so often and nothing is under way.</summary>
    public async Task<JsonElement> TriedAsync(int tries)
    {
        JsonElement only = default;
        await Until.HoldsAsync(
            async () =>
            {
                only = Assert.Single(await DeliveriesAsync());
                return only.GetProperty("tries").GetArrayLength() >= tries;
            },
            () => $"It has not been tried {tries} times: {only}");
        Assert.Equal(tries, only.GetProperty("tries").GetArrayLength());
        return only;
    }

    /// <summary>Waits until every delivery is in a state.</summary>
    public Task AllAsync(string state, int count) => Until.HoldsAsync(
        async () => await DeliveriesAsync() is var all && all.Count == count && all.All(one => StateOf(one) == state),
        $"Not all of {count} deliveries are {state}.");

    public Task RetryAsync(JsonElement delivery) => workspace.PostAsync(
        $"{Path}/deliveries/{delivery.GetProperty("id").GetString()}/retry", null, 202);

    public static string StateOf(JsonElement delivery) => delivery.GetProperty("state").GetString()!;

    public static DateTimeOffset? NextOf(JsonElement delivery) =>
        delivery.GetProperty("nextTryAt") is { ValueKind: JsonValueKind.String } next ? next.GetDateTimeOffset() : null;

    public static IEnumerable<int?> StatusesOf(JsonElement delivery) => delivery.GetProperty("tries").EnumerateArray()
        .Select(one => one.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? status.GetInt32() : (int?)null);

    public static IEnumerable<string?> ErrorsOf(JsonElement delivery) =>
        delivery.GetProperty("tries").EnumerateArray().Select(one => one.GetProperty("error").GetString());

    /// <summary>The log's records of a type, the oldest first.</summary>
    public static async Task<List<JsonElement>> LogAsync(WorkspaceClient workspace, string type) =>
        [.. (await workspace.GetAsync($"/api/v1/events?type={type}&limit=1000")).GetProperty("data").EnumerateArray().Reverse()];
}
