using System.Text.Json;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Export;

public sealed class OtherKindsExportTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_request_is_a_row_of_the_recent_ones()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.TellAsync(
            SomeRequests.Request("/orders/17?x=1", 12.345m, 201, customer: "acme", id: $"{Guid.NewGuid()}"),
            SomeRequests.Request("/a", 0, 500, Some.Day.AddHours(11), id: "r-1"),
            SomeRequests.Request("/b", 1, 404, Some.Day.AddHours(13), customer: "bob"),
            new System.Text.Json.Nodes.JsonObject
            {
                ["method"] = "post", ["path"] = "/c", ["route"] = "/c/{id}", ["statusCode"] = 200, ["latencyMs"] = 0.001, ["productId"] = "p",
                ["apiKeyId"] = "k", ["requestSize"] = 1, ["responseSize"] = 1L << 53, ["userAgent"] = "curl/8", ["ip"] = "203.0.113.7",
                ["timestamp"] = "2026-03-11T12:00:00Z",
            });

        var lines = await workspace.ExportAsync("requests");

        Exported.AssertInOrder(lines);
        var shown = await RecentAsync(workspace);
        Assert.Equal(4, shown.Count);
        Assert.Equal(shown.Select(Text), lines.Select(Text));
        var portal = await workspace.BoundToAsync(customer);
        Assert.Equal((await RecentAsync(portal)).Select(Text), (await portal.ExportAsync("requests")).Select(Text));
        Assert.Single(await portal.ExportAsync("requests"));
    }

    [Fact]
    public async Task Facts_of_apps_are_what_was_sent_with_hashes_for_viewers_and_devices()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var app = await workspace.NewAppAsync();
        await SendAsync(workspace, app);
        await SendAsync(other, await other.NewAppAsync());

        var views = await workspace.ExportAsync("views");
        Assert.Equal(["id", "appId", "timestamp", "viewerId"], Members(views[0]));
        Assert.Equal(["2026-03-11T00:00:00Z", "2026-03-11T00:00:01Z", "2026-03-11T00:00:02Z"], views.Select(view => view.GetProperty("timestamp").GetString()));
        Assert.Equal(views[0].GetProperty("viewerId").GetGuid(), views[2].GetProperty("viewerId").GetGuid());
        Assert.Equal(JsonValueKind.Null, views[1].GetProperty("viewerId").ValueKind);
        Assert.NotEqual(views[0].GetProperty("viewerId").GetGuid(), (await other.ExportAsync("views"))[0].GetProperty("viewerId").GetGuid());

        var device = Assert.Single(await workspace.ExportAsync("devices"));
        Assert.Equal(["id", "appId", "timestamp", "deviceId"], Members(device));
        Assert.Equal(device.GetProperty("deviceId").GetGuid(), (await other.ExportAsync("devices"))[0].GetProperty("deviceId").GetGuid());

        var downloads = await workspace.ExportAsync("downloads");
        Assert.Equal(["id", "appId", "timestamp", "bytes", "deviceId"], Members(downloads[0]));
        Assert.Equal([long.MaxValue, 0], downloads.Select(download => download.GetProperty("bytes").GetInt64()));
        Assert.Equal(device.GetProperty("deviceId").GetGuid(), downloads[0].GetProperty("deviceId").GetGuid());
        Assert.Equal(JsonValueKind.Null, downloads[1].GetProperty("deviceId").ValueKind);

        var changes = await workspace.ExportAsync("storage");
        Assert.Equal(["id", "appId", "timestamp", "bytes"], Members(changes[0]));
        Assert.Equal([long.MinValue, 7], changes.Select(change => change.GetProperty("bytes").GetInt64()));

        var invocations = await workspace.ExportAsync("invocations");
        Assert.Equal(
            ["""{"method":"GET","path":"/x","username":"ada","startedAt":"2026-03-11T00:00:00.5Z","durationMs":12.5,"statusCode":200,"memoryPeakBytes":9,"error":null}""",
             """{"method":"PUT","path":"/y","username":null,"startedAt":"2026-03-11T00:00:01Z","durationMs":0,"statusCode":503,"memoryPeakBytes":0,"error":"boom"}"""],
            invocations.Select(line => Sent(line).Replace(".500000Z", ".5Z", StringComparison.Ordinal)));
        foreach (var kind in (string[])["views", "devices", "downloads", "storage", "invocations"])
            Assert.All(await workspace.ExportAsync(kind), line => Assert.Equal(app, line.GetProperty("appId").GetGuid()));
        Assert.All(invocations, line => Assert.Equal(line.GetProperty("startedAt").GetString(), line.GetProperty("timestamp").GetString()));
    }

    [Fact]
    public async Task Facts_of_a_deleted_app_are_exported_with_its_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        await SendAsync(workspace, app);

        await workspace.DeleteAsync($"/api/apps/{app}");

        Assert.Equal(app, (await workspace.ExportAsync("views"))[0].GetProperty("appId").GetGuid());
    }

    [Fact]
    public async Task The_log_has_events_requests_and_what_the_service_tells_in_one_order()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = api.Clock.GetUtcNow();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.IngestAsync(Enumerable.Range(0, 700).Select(n => Some.Event(at: now.AddMilliseconds(n - 600), metadata: new() { ["n"] = n })));
        await workspace.TellAsync(1_000, 700);
        await workspace.TellAsync(Enumerable.Range(0, 700).Select(n => SomeRequests.Request(status: 503, at: now.AddMilliseconds(n - 500.5))));
        await workspace.IngestAsync(Some.Event("job.failed", Some.Day, metadata: new() { ["_log"] = new System.Text.Json.Nodes.JsonObject { ["actor_id"] = "u" } }));

        var lines = await workspace.ExportAsync("log");

        Exported.AssertInOrder(lines);
        Assert.Equal(lines.Count, lines.Select(Exported.IdOf).Distinct().Count());
        Assert.Equal(700, lines.Count(line => line.GetProperty("eventType").GetString() == "task.done"));
        Assert.Equal(["job.failed", "ERROR", "u"], ((string[])["eventType", "severity", "actorId"]).Select(member => lines[0].GetProperty(member).GetString()));
        Assert.Equal(700, lines.Count(line => line.GetProperty("eventType").GetString() == "anomaly.detected"));
        var requests = lines.Where(line => line.GetProperty("eventType").GetString() == "request.completed").ToList();
        Assert.Equal(700, requests.Count);
        Assert.All(requests, line => Assert.Equal("ERROR", line.GetProperty("severity").GetString()));
        Assert.Equal((await workspace.ExportAsync("requests")).Select(Text), requests.Select(line => Text(line.GetProperty("payload"))));
        Assert.Equal(
            ["customer.created", "job.failed", "task.done"],
            (await portal.ExportAsync("log")).Select(line => line.GetProperty("eventType").GetString()).Distinct().Order());
    }

    static async Task SendAsync(WorkspaceClient workspace, Guid app)
    {
        var path = $"/api/apps/{app}";
        await workspace.PostAsync($"{path}/views", """
            {"views":[{"viewerId":"ada","timestamp":"2026-03-11T00:00:00Z","externalId":"v"},{"timestamp":"2026-03-11T00:00:01Z"},
            {"viewerId":"ada","timestamp":"2026-03-11T00:00:02Z"}]}
            """);
        await workspace.PostAsync($"{path}/devices", """{"devices":[{"deviceId":"7C2F-x","timestamp":"2026-03-11T00:00:00Z"}]}""");
        await workspace.PostAsync($"{path}/downloads", """
            {"downloads":[{"bytes":9223372036854775807,"deviceId":"7c2f-X","timestamp":"2026-03-11T00:00:00Z"},{"bytes":0,"timestamp":"2026-03-11T00:00:01Z"}]}
            """);
        await workspace.PostAsync($"{path}/storage", """
            {"changes":[{"bytes":-9223372036854775808,"timestamp":"2026-03-11T00:00:00Z"},{"bytes":7,"timestamp":"2026-03-11T00:00:01Z"}]}
            """);
        await workspace.PostAsync($"{path}/invocations", """
            {"invocations":[{"method":"get","path":"/x","username":"ada","startedAt":"2026-03-11T00:00:00.5Z","durationMs":12.5,"statusCode":200,"memoryPeakBytes":9,"externalId":"i"},
            {"method":"PUT","path":"/y","username":null,"startedAt":"2026-03-11T00:00:01Z","durationMs":0,"statusCode":503,"memoryPeakBytes":0,"error":"boom"}]}
            """);
    }

    static async Task<List<JsonElement>> RecentAsync(ApiClient client) =>
        [.. (await client.GetAsync("/api/requests/recent?from=2026-03-11&to=2026-03-12&limit=1000")).GetProperty("data").EnumerateArray().Reverse()];

    static string Text(JsonElement line) => line.GetRawText();

    static IEnumerable<string> Members(JsonElement line) => line.EnumerateObject().Select(member => member.Name);

    // What is not filled in.
    static string Sent(JsonElement line) => JsonSerializer.Serialize(
        line.EnumerateObject().Where(member => member.Name is not ("id" or "appId" or "timestamp")).ToDictionary(member => member.Name, member => member.Value));
}
