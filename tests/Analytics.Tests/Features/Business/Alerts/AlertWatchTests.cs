using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;
using Analytics.Time;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Every crossing is told in the event log once, and again only after the value was back.</summary>
[Collection<Timed>]
public sealed class AlertWatchTests(TimedApi timed)
{
    const string Alerts = SomeAlerts.Path;

    [Fact]
    public async Task A_customer_is_watched_by_our_id_whatever_the_product_calls_it()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var ann = await workspace.NewCustomerAsync("ann");
        var asked = SomeAlerts.Count(above: 2, events: "task.done");
        asked["query"]!["filters"] = new JsonArray(new JsonObject { ["field"] = "customer", ["operator"] = "EQUALS", ["value"] = $"{ann}" });
        var alert = await workspace.MakeAlertAsync((JsonObject)asked.DeepClone());
        await workspace.IngestAsync(Enumerable.Range(0, 2).Select(_ => Some.Event(at: timed.Now, externalId: Some.ExternalId, customer: "ann")));
        await timed.LookAsync();
        Assert.Empty(await workspace.HistoryAsync(alert));

        await workspace.PatchAsync($"/api/customers/{ann}", new { external_id = "anna" });
        await workspace.IngestAsync(Enumerable.Range(0, 3).Select(_ => Some.Event(at: timed.Now, externalId: Some.ExternalId, customer: "anna")));
        await timed.LookAsync();

        Assert.Equal(3, Assert.Single(await workspace.HistoryAsync(alert)).GetProperty("value").GetInt32());
        Assert.Single((await workspace.PostAsync($"{Alerts}/preview", new { alert = asked, days = 1 })).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_crossing_is_told_within_a_minute_and_again_after_it_was_back()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace, "?names=threshold.exceeded");
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 2, name: "Busy"));
        await workspace.IngestAsync(Some.Events(2, at: timed.Now));
        await timed.LookAsync();
        Assert.Empty(await workspace.HistoryAsync(alert));
        Assert.Equal("watching", await StateAsync(workspace, alert));

        var at = timed.Now;
        await workspace.IngestAsync(Some.Events(1, at: at));
        var next = log.NextAsync();
        await timed.LookAsync();
        await timed.Clock.RunAsync(next);
        var end = WatchClock.Minute(timed.Now);
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
        await timed.LookAsync(14);
        Assert.Single(await workspace.HistoryAsync(alert));
        await timed.LookAsync(2);
        var crossing = Assert.Single(await workspace.HistoryAsync(alert));
        Assert.Equal(WatchClock.Minute(timed.Now), crossing.GetProperty("backAt").GetDateTimeOffset());
        Assert.Equal("watching", await StateAsync(workspace, alert));
        Assert.Equal(record.GetProperty("eventId").GetString(), crossing.GetProperty("eventId").GetString());
        Assert.Equal(end, crossing.GetProperty("at").GetDateTimeOffset());

        await workspace.IngestAsync(Some.Events(3, at: timed.Now));
        await timed.LookAsync();
        var history = await workspace.HistoryAsync(alert);
        Assert.Equal([null, crossing.GetProperty("backAt").GetString()], history.Select(row => row.GetProperty("backAt").GetString()));
        Assert.Equal(2, (await ToldAsync(workspace)).Count);
        var page = await workspace.GetAsync($"{Alerts}/{alert}/history?limit=1");
        AssertSame(history[0].GetRawText(), page.GetProperty("data")[0]);
        page = await workspace.GetAsync($"{Alerts}/{alert}/history?limit=1&cursor={page.GetProperty("meta").GetProperty("nextCursor")}");
        AssertSame(history[1].GetRawText(), page.GetProperty("data")[0]);
        Assert.Equal(JsonValueKind.Null, page.GetProperty("meta").GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task A_change_from_the_window_before_is_an_anomaly_and_against_nothing_there_is_none()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var risen = await workspace.MakeAlertAsync(SomeAlerts.Count(changePercent: 50, name: "Risen"));
        var fallen = await workspace.MakeAlertAsync(SomeAlerts.Count(changePercent: -40, name: "Fallen"));
        await workspace.IngestAsync(Some.Events(4, at: timed.Now));
        await timed.LookAsync();
        Assert.Empty(await workspace.HistoryAsync(risen));
        await timed.LookAsync(15);
        await workspace.IngestAsync(Some.Events(6, at: timed.Now));
        await timed.LookAsync();
        Assert.Equal("6 50 50", Assert.Single((await workspace.HistoryAsync(risen)).Select(Changed)));
        Assert.Equal(
            "0 -40 -100", Assert.Single((await workspace.HistoryAsync(fallen)).Select(Changed)));
        Assert.Equal(["anomaly.detected"], (await ToldAsync(workspace)).Distinct());
    }

    [Fact]
    public async Task An_alert_that_is_sent_back_as_it_is_stays_crossed()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 0, window: "1h"));
        await workspace.IngestAsync(Some.Events(1, at: timed.Now));
        await timed.LookAsync();
        var whole = await workspace.GetAsync($"{Alerts}/{alert}");

        await workspace.PatchAsync($"{Alerts}/{alert}", whole);
        foreach (var member in (string[])["query", "window", "when"])
            await workspace.PatchAsync($"{Alerts}/{alert}", new Dictionary<string, object> { [member] = whole.GetProperty(member) });
        await timed.LookAsync();

        Assert.Equal("crossed", await StateAsync(workspace, alert));
        Assert.Equal(JsonValueKind.Null, Assert.Single(await workspace.HistoryAsync(alert)).GetProperty("backAt").ValueKind);
    }

    [Fact]
    public async Task An_alert_of_an_app_that_is_gone_can_be_changed()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync("acme:shop");
        var alert = await workspace.MakeAlertAsync(JsonNode.Parse("""
            {"name":"Storage","statistic":{"scope":"app","id":"acme:shop","measure":"storage"},"window":"1d",
             "when":{"operator":"GREATER_THAN","value":5}}
            """)!.AsObject());
        await workspace.DeleteAsync($"/api/apps/{app}");

        var changed = await workspace.PatchAsync($"{Alerts}/{alert}", new { name = "Old", enabled = false });

        Assert.Equal(("Old", "disabled"), (changed.GetProperty("name").GetString(), changed.GetProperty("state").GetString()));
        await workspace.PatchAsync(
            $"{Alerts}/{alert}", new { statistic = new { scope = "app", id = "acme:shop", measure = "mau" } }, 400);
    }

    [Fact]
    public async Task A_disabled_alert_and_a_changed_one_forget_that_they_were_crossed()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 0, window: "1h"));
        await workspace.IngestAsync(Some.Events(1, at: timed.Now));
        await timed.LookAsync();
        await workspace.PatchAsync($"{Alerts}/{alert}", new { name = "Other", severity = "CRITICAL" });
        await timed.LookAsync();
        Assert.Single(await workspace.HistoryAsync(alert));

        await workspace.PatchAsync($"{Alerts}/{alert}", new { enabled = false });
        await LastIsBackAsync();
        await timed.LookAsync();
        Assert.Equal("disabled", await StateAsync(workspace, alert));
        await workspace.PatchAsync($"{Alerts}/{alert}", new { enabled = true });
        await timed.LookAsync();
        Assert.Equal(2, (await workspace.HistoryAsync(alert)).Count);
        await workspace.PatchAsync($"{Alerts}/{alert}", new { when = new { @operator = "GREATER_THAN", value = 0.5 } });
        await LastIsBackAsync();
        await timed.LookAsync();
        Assert.Equal(["0.5", "0", "0"], (await workspace.HistoryAsync(alert)).Select(row => row.GetProperty("limit").GetRawText()));
        Assert.Equal(["WARN", "CRITICAL", "CRITICAL"], await SeveritiesAsync(workspace));

        await workspace.DeleteAsync($"{Alerts}/{alert}");
        await timed.LookAsync();
        Assert.Equal(3, (await ToldAsync(workspace)).Count);

        // What it forgot is back as of that instant, so that nothing is open for ever.
        async Task LastIsBackAsync() =>
            Assert.Equal(timed.Now, (await workspace.HistoryAsync(alert))[0].GetProperty("backAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Statistics_of_apps_are_watched_when_their_facts_come_and_when_the_day_changes()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        var stored = await workspace.MakeAlertAsync(Statistic("storage", "app", $"{app}", 99));
        var users = await workspace.MakeAlertAsync(Statistic("mau", "org", null, 1));
        var transferred = await workspace.MakeAlertAsync(Statistic("bandwidth", "app", "acme:shop", 5, "30d"));
        await workspace.PostAsync($"/api/apps/{app}/storage", new { changes = new[] { new { bytes = 100, timestamp = timed.Now } } });
        await workspace.PostAsync($"/api/apps/{app}/devices", new { devices = new[] { new { deviceId = "a", timestamp = timed.Now } } });
        await workspace.PostAsync($"/api/apps/{app}/downloads", new { downloads = new[] { new { bytes = 6, timestamp = timed.Now.AddDays(-29) } } });
        await timed.LookAsync();
        Assert.Equal("100", Assert.Single(await workspace.HistoryAsync(stored)).GetProperty("value").GetRawText());
        Assert.Equal("6", Assert.Single(await workspace.HistoryAsync(transferred)).GetProperty("value").GetRawText());
        Assert.Empty(await workspace.HistoryAsync(users));

        await workspace.PostAsync($"/api/apps/{app}/devices", new { devices = new[] { new { deviceId = "b", timestamp = timed.Now } } });
        await workspace.PostAsync($"/api/apps/{app}/storage", new { changes = new[] { new { bytes = -50, timestamp = timed.Now } } });
        await timed.LookAsync();
        Assert.Single(await workspace.HistoryAsync(users));
        Assert.NotNull(Assert.Single(await workspace.HistoryAsync(stored)).GetProperty("backAt").GetString());
        await timed.LookAsync(24 * 60);
        Assert.NotNull(Assert.Single(await workspace.HistoryAsync(transferred)).GetProperty("backAt").GetString());
    }

    static JsonObject Statistic(string measure, string scope, string? id, int above, string window = "1d") => new()
    {
        ["name"] = measure, ["window"] = window, ["when"] = new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = above },
        ["statistic"] = new JsonObject { ["scope"] = scope, ["id"] = id, ["measure"] = measure },
    };

    static async Task<string?> StateAsync(WorkspaceClient workspace, string alert) =>
        (await workspace.GetAsync($"{Alerts}/{alert}")).GetProperty("state").GetString();

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
