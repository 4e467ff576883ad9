using Analytics.Tests.Features.Apps;

namespace Analytics.Tests.Web;

/// <summary>An app with something for every panel of its pages.</summary>
static class SomeApp
{
    public const string NaturalId = "test:web";
    public const string Segment = "test%3Aweb";
    public const string Table = "numbers";

    /// <summary>Made in the workspace, with facts of three days and of now, and a table; its id.</summary>
    public static async Task<Guid> AddAsync(WorkspaceClient workspace)
    {
        var id = await workspace.NewAppAsync(NaturalId, "Web");
        await using var schema = await AppSchema.OfAsync(workspace, id,
            $"create table {Table} (n bigint primary key, name text, note json)",
            $"insert into {Table} select n, 'number ' || n, json_build_object('n', n) from generate_series(1, 30) n");
        await TellAsync(workspace, NaturalId, Some.Day.AddHours(9));
        var now = TimeProvider.System.GetUtcNow();
        await workspace.PostAsync($"/api/apps/{id}/views", new { views = new[] { new { viewerId = "ada", timestamp = now } } });
        await workspace.PostAsync($"/api/apps/{id}/invocations", new
        {
            invocations = new[] { Call(now, 200, null), Call(now.AddMinutes(-1), 500, "RangeError: too many rows") },
        });
        return id;
    }

    /// <summary>Three days: devices, more each day, what they downloaded, and what is stored.</summary>
    public static async Task TellAsync(WorkspaceClient workspace, string app, DateTimeOffset first, long bytes = 1_000_000, string devices = "device")
    {
        await workspace.PostAsync($"/api/apps/{app}/devices", new
        {
            devices = from day in Enumerable.Range(0, 3)
                      from device in Enumerable.Range(0, day + 1)
                      select new { deviceId = $"{devices}-{device}", timestamp = first.AddDays(day) },
        });
        await workspace.PostAsync($"/api/apps/{app}/downloads", new
        {
            downloads = Enumerable.Range(0, 3).Select(day => new { bytes = bytes * (day + 1), timestamp = first.AddDays(day) }),
        });
        await workspace.PostAsync($"/api/apps/{app}/storage", new
        {
            changes = Enumerable.Range(0, 3).Select(day => new { bytes = day == 1 ? -bytes : 3 * bytes, timestamp = first.AddDays(day) }),
        });
    }

    static object Call(DateTimeOffset at, int statusCode, string? error) => new
    {
        method = "GET", path = "/reports", username = "ada", startedAt = at, durationMs = 245.125, statusCode, memoryPeakBytes = 52_428_800, error,
    };
}
