using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Business.Alerts;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Features.Streams;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Every crossing is told in the event log once, and again only after the value was back.</summary>
[Collection<Timed>]
public sealed class AlertWatchTests(TimedApi timed)
{
    const string Alerts = "/api/v1/alerts";

    [Fact]
    public async Task A_crossing_is_told_within_a_minute_and_again_after_it_was_back()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace, "?names=threshold.exceeded");
        var alert = await MakeAsync(workspace, SomeAlerts.Count(above: 2, name: "Busy"));
        await workspace.IngestAsync(Some.Events(2, at: timed.Now));
        await LookAsync();
        Assert.Empty(await HistoryAsync(workspace, alert));
        Assert.Equal("watching", await StateAsync(workspace, alert));

        var at = timed.Now;
        await workspace.IngestAsync(Some.Events(1, at: at));
        var next = log.NextAsync();
        await LookAsync();
        await timed.Clock.RunAsync(next);
        var end = Minute(timed.Now);
        var record = (await next).Json;
        Assert.Equal(
            ["threshold.exceeded", "USAGE", "system", "WARN", null, null, "alert", alert, null],
            ((string[])["eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId", "correlationId"])
                .Select(member => record.GetProperty(member).GetString()));
        AssertSame($$"""
            {"alertId":"{{alert}}","name":"Busy","key":null,"value":3,"limit":2,"changePercent":null,"window":"15m",
             "from":"{{Rfc3339.Format(end.AddMinutes(-15))}}","to":"{{Rfc3339.Format(end)}}"}
            """, record.GetProperty("payload"));
        Assert.Equal("crossed", await StateAsync(workspace, alert));

        // It goes on, and is back 15 minutes later, when the first two are gone from the window.
        await workspace.IngestAsync(Some.Events(3, at: timed.Now));
        await LookAsync(14);
        Assert.Single(await HistoryAsync(workspace, alert));
        await LookAsync(2);
        var crossing = Assert.Single(await HistoryAsync(workspace, alert));
        Assert.Equal(Minute(timed.Now), crossing.GetProperty("backAt").GetDateTimeOffset());
        Assert.Equal("watching", await StateAsync(workspace, alert));
        Assert.Equal(record.GetProperty("eventId").GetString(), crossing.GetProperty("eventId").GetString());
        Assert.Equal(end, crossing.GetProperty("at").GetDateTimeOffset());

        await workspace.IngestAsync(Some.Events(3, at: timed.Now));
        await LookAsync();
        var history = await HistoryAsync(workspace, alert);
        Assert.Equal([null, crossing.GetProperty("backAt").GetString()], history.Select(row => row.GetProperty("backAt").GetString()));
        Assert.Equal(2, (await ToldAsync(workspace)).Count);
        var page = await workspace.GetAsync($"{Alerts}/{alert}/history?limit=1");
        AssertSame(history[0].GetRawText(), page.GetProperty("data")[0]);
        page = await workspace.GetAsync($"{Alerts}/{alert}/history?limit=1&cursor={page.GetProperty("meta").GetProperty("nextCursor")}");
        AssertSame(history[1].GetRawText(), page.GetProperty("data")[0]);
        Assert.Equal(JsonValueKind.Null, page.GetProperty("meta").GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task Each_key_is_watched_by_itself_and_one_that_went_silent_too()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var many = await MakeAsync(workspace, SomeAlerts.Count(above: 1, dimension: "customer", name: "Many"));
        var few = await MakeAsync(workspace, SomeAlerts.Of(
            """{"aggregation":"sum","field":"n"}""", new JsonObject { ["operator"] = "LESS_THAN", ["value"] = 1.5m }, dimension: "plan", name: "Few"));
        await workspace.IngestAsync(
            Event("a", "pro", 1), Event("a", "pro", 1), Event("b", "free", 1.4m), Event("c", null, 7), Event("c", null, 7));
        await LookAsync();
        Assert.Equal(["\"a\" 2", "\"c\" 2"], (await HistoryAsync(workspace, many)).Select(Shown).Order());
        Assert.Equal(["\"free\" 1.4"], (await HistoryAsync(workspace, few)).Select(Shown));

        // Both plans were there in the window before.
        await LookAsync(15);
        Assert.All(await HistoryAsync(workspace, many), row => Assert.NotNull(row.GetProperty("backAt").GetString()));
        Assert.Equal(
            ["\"free\" 1.4 ", "\"pro\" 0 ", " 0 "],
            (await HistoryAsync(workspace, few)).Select(row => $"{Shown(row)} {row.GetProperty("backAt")}").Order(StringComparer.Ordinal).Reverse().Order());
    }

    [Fact]
    public async Task A_change_from_the_window_before_is_an_anomaly_and_against_nothing_there_is_none()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var risen = await MakeAsync(workspace, SomeAlerts.Count(changePercent: 50, name: "Risen"));
        var fallen = await MakeAsync(workspace, SomeAlerts.Count(changePercent: -40, name: "Fallen"));
        await workspace.IngestAsync(Some.Events(4, at: timed.Now));
        await LookAsync();
        Assert.Empty(await HistoryAsync(workspace, risen));
        await LookAsync(15);
        await workspace.IngestAsync(Some.Events(6, at: timed.Now));
        await LookAsync();
        Assert.Equal("6 50 50", Assert.Single((await HistoryAsync(workspace, risen)).Select(Changed)));
        Assert.Equal(
            "0 -40 -100", Assert.Single((await HistoryAsync(workspace, fallen)).Select(Changed)));
        Assert.Equal(["anomaly.detected"], (await ToldAsync(workspace)).Distinct());
    }

    [Fact]
    public async Task A_disabled_alert_and_a_changed_one_forget_that_they_were_crossed()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var alert = await MakeAsync(workspace, SomeAlerts.Count(above: 0, window: "1h"));
        await workspace.IngestAsync(Some.Events(1, at: timed.Now));
        await LookAsync();
        await workspace.PatchAsync($"{Alerts}/{alert}", new { name = "Other", severity = "CRITICAL" });
        await LookAsync();
        Assert.Single(await HistoryAsync(workspace, alert));

        await workspace.PatchAsync($"{Alerts}/{alert}", new { enabled = false });
        await LookAsync();
        Assert.Equal("disabled", await StateAsync(workspace, alert));
        await workspace.PatchAsync($"{Alerts}/{alert}", new { enabled = true });
        await LookAsync();
        Assert.Equal(2, (await HistoryAsync(workspace, alert)).Count);
        await workspace.PatchAsync($"{Alerts}/{alert}", new { when = new { @operator = "GREATER_THAN", value = 0.5 } });
        await LookAsync();
        Assert.Equal(["0.5", "0", "0"], (await HistoryAsync(workspace, alert)).Select(row => row.GetProperty("limit").GetRawText()));
        Assert.Equal(["WARN", "CRITICAL", "CRITICAL"], await SeveritiesAsync(workspace));

        await workspace.DeleteAsync($"{Alerts}/{alert}");
        await LookAsync();
        Assert.Equal(3, (await ToldAsync(workspace)).Count);
    }

    [Fact]
    public async Task Requests_are_watched_too()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var slow = await MakeAsync(workspace, SomeAlerts.Of(
            """{"aggregation":"p50","field":"latencyMs"}""", new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = 20 },
            dimension: "endpoint", dataset: "requests",
            filters: new JsonArray(JsonNode.Parse("""{"field":"statusCode","operator":"LESS_THAN","value":500}"""))));
        await workspace.TellAsync(
            [SomeRequests.Request("/a", 10, 200, timed.Now), SomeRequests.Request("/a", 31, 200, timed.Now), SomeRequests.Request("/a", 1, 500, timed.Now),
             SomeRequests.Request("/b", 20, 200, timed.Now)]);
        await LookAsync();
        Assert.Equal(["\"GET:/a\" 20.5"], (await HistoryAsync(workspace, slow)).Select(Shown));
    }

    [Fact]
    public async Task Statistics_of_apps_are_watched_when_their_facts_come_and_when_the_day_changes()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        var stored = await MakeAsync(workspace, Statistic("storage", "app", $"{app}", 99));
        var users = await MakeAsync(workspace, Statistic("mau", "org", null, 1));
        var transferred = await MakeAsync(workspace, Statistic("bandwidth", "app", "acme:shop", 5, "30d"));
        await workspace.PostAsync($"/api/apps/{app}/storage", new { changes = new[] { new { bytes = 100, timestamp = timed.Now } } });
        await workspace.PostAsync($"/api/apps/{app}/devices", new { devices = new[] { new { deviceId = "a", timestamp = timed.Now } } });
        await workspace.PostAsync($"/api/apps/{app}/downloads", new { downloads = new[] { new { bytes = 6, timestamp = timed.Now.AddDays(-29) } } });
        await LookAsync();
        Assert.Equal("100", Assert.Single(await HistoryAsync(workspace, stored)).GetProperty("value").GetRawText());
        Assert.Equal("6", Assert.Single(await HistoryAsync(workspace, transferred)).GetProperty("value").GetRawText());
        Assert.Empty(await HistoryAsync(workspace, users));

        await workspace.PostAsync($"/api/apps/{app}/devices", new { devices = new[] { new { deviceId = "b", timestamp = timed.Now } } });
        await workspace.PostAsync($"/api/apps/{app}/storage", new { changes = new[] { new { bytes = -50, timestamp = timed.Now } } });
        await LookAsync();
        Assert.Single(await HistoryAsync(workspace, users));
        Assert.NotNull(Assert.Single(await HistoryAsync(workspace, stored)).GetProperty("backAt").GetString());
        await LookAsync(24 * 60);
        Assert.NotNull(Assert.Single(await HistoryAsync(workspace, transferred)).GetProperty("backAt").GetString());
    }

    static JsonObject Statistic(string measure, string scope, string? id, int above, string window = "1d") => new()
    {
        ["name"] = measure, ["window"] = window, ["when"] = new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = above },
        ["statistic"] = new JsonObject { ["scope"] = scope, ["id"] = id, ["measure"] = measure },
    };

    JsonObject Event(string customer, string? plan, decimal n)
    {
        var metadata = new JsonObject { ["n"] = n };
        if (plan is not null)
            metadata["plan"] = plan;
        return Some.Event(at: timed.Now, customer: customer, metadata: metadata);
    }

    /// <summary>Lets minutes go by, and waits until the last of them was looked at and what was found is told.</summary>
    async Task LookAsync(int minutes = 1)
    {
        timed.Clock.Advance(Minute(timed.Now).AddMinutes(minutes).AddSeconds(1) - timed.Now);
        var watch = timed.Api.Services.GetRequiredService<AlertWatch>();
        var end = Rfc3339.Microseconds(Minute(timed.Now));
        await timed.Clock.RunAsync(Until.HoldsAsync(
            async () => watch.LookedAt >= end && await timed.Api.Store.ScalarAsync<long>("select count(*) from outbox", [], default) == 0,
            "The alerts are not looked at."));
    }

    static DateTimeOffset Minute(DateTimeOffset at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    static async Task<string> MakeAsync(WorkspaceClient workspace, JsonObject alert) =>
        (await workspace.PostAsync(Alerts, alert, 201)).GetProperty("id").GetString()!;

    static async Task<List<JsonElement>> HistoryAsync(WorkspaceClient workspace, string alert) =>
        [.. (await workspace.GetAsync($"{Alerts}/{alert}/history")).GetProperty("data").EnumerateArray()];

    static async Task<string?> StateAsync(WorkspaceClient workspace, string alert) =>
        (await workspace.GetAsync($"{Alerts}/{alert}")).GetProperty("state").GetString();

    static string Shown(JsonElement row) =>
        $"{(row.GetProperty("key").ValueKind == JsonValueKind.Null ? "" : row.GetProperty("key").GetRawText())} {row.GetProperty("value").GetRawText()}";

    static string Changed(JsonElement row) =>
        $"{row.GetProperty("value").GetRawText()} {row.GetProperty("limit").GetRawText()} {row.GetProperty("changePercent").GetRawText()}";

    Task<List<string>> ToldAsync(WorkspaceClient workspace) => ColumnAsync(workspace, "name");

    Task<List<string>> SeveritiesAsync(WorkspaceClient workspace) => ColumnAsync(workspace, "severity");

    async Task<List<string>> ColumnAsync(WorkspaceClient workspace, string column) => await timed.Api.Store.QueryAsync(
        $"select {column} from audit where workspace_id = $1 and target_type = 'alert' order by timestamp, id",
        [await RandomLife.KeyOfAsync(workspace)], row => row.GetString(0), default);

    static void AssertSame(string expected, JsonElement told) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), told), $"{expected}\n{told}");
}
