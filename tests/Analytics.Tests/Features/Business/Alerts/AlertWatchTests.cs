using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Requests;
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
    public async Task Each_key_is_watched_by_itself_and_one_that_went_silent_too()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var many = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 1, dimension: "customer", name: "Many"));
        var few = await workspace.MakeAlertAsync(SomeAlerts.Of(
            """{"aggregation":"sum","field":"n"}""", new JsonObject { ["operator"] = "LESS_THAN", ["value"] = 1.5m }, dimension: "plan", name: "Few"));
        await workspace.IngestAsync(
            Event("a", "pro", 1), Event("a", "pro", 1), Event("b", "free", 1.4m), Event("c", null, 7), Event("c", null, 7));
        await timed.LookAsync();
        Assert.Equal(["\"a\" 2", "\"c\" 2"], (await workspace.HistoryAsync(many)).Select(Shown).Order());
        Assert.Equal(["\"free\" 1.4"], (await workspace.HistoryAsync(few)).Select(Shown));

        // Both plans were there in the window before.
        await timed.LookAsync(15);
        Assert.All(await workspace.HistoryAsync(many), row => Assert.NotNull(row.GetProperty("backAt").GetString()));
        Assert.Equal(
            [" 0 ", "\"free\" 1.4 ", "\"pro\" 0 "],
            (await workspace.HistoryAsync(few)).Select(row => $"{Shown(row)} {row.GetProperty("backAt")}").Order(StringComparer.Ordinal));
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
    public async Task History_is_sorted_by_any_of_its_fields_and_what_is_missing_comes_last()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 0, dimension: "plan"));
        await workspace.IngestAsync(Event("a", "pro", 1), Event("a", "pro", 1), Event("b", "free", 1), Event("c", null, 7), Event("c", null, 7), Event("c", null, 7));
        await timed.LookAsync();
        await timed.LookAsync(20);
        await workspace.IngestAsync(Event("b", "free", 1), Event("b", "free", 1));
        await timed.LookAsync();

        foreach (var field in (string[])["at", "eventId", "key", "value", "limit", "changePercent", "backAt"])
            foreach (var sort in (string[])[field, "-" + field])
            {
                var rows = new List<JsonElement>();
                for (var cursor = ""; cursor is not null;)
                {
                    var page = await workspace.GetAsync($"{Alerts}/{alert}/history?sort={sort}&limit=1{cursor}");
                    rows.AddRange(page.GetProperty("data").EnumerateArray());
                    cursor = page.GetProperty("meta").GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : null;
                }

                Assert.Equal(4, rows.Count);
                Assert.Equal(4, rows.Select(row => $"{row.GetProperty("at")} {row.GetProperty("key")}").Distinct().Count());
                var there = rows.Select(row => row.GetProperty(field)).TakeWhile(value => value.ValueKind != JsonValueKind.Null).Select(value => value.GetRawText()).ToList();
                Assert.Equal(rows.Count(row => row.GetProperty(field).ValueKind != JsonValueKind.Null), there.Count);
                var ordered = there.Order(StringComparer.Ordinal);
                Assert.Equal(sort == field ? ordered : ordered.Reverse(), there);
            }

        await workspace.GetAsync($"{Alerts}/{alert}/history?sort=id", 400);
    }

    [Fact]
    public async Task Requests_are_watched_too()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var slow = await workspace.MakeAlertAsync(SomeAlerts.Of(
            """{"aggregation":"p50","field":"latencyMs"}""", new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = 20 },
            dimension: "endpoint", dataset: "requests",
            filters: new JsonArray(JsonNode.Parse("""{"field":"statusCode","operator":"LESS_THAN","value":500}"""))));
        await workspace.TellAsync(
            [SomeRequests.Request("/a", 10, 200, timed.Now), SomeRequests.Request("/a", 31, 200, timed.Now), SomeRequests.Request("/a", 1, 500, timed.Now),
             SomeRequests.Request("/b", 20, 200, timed.Now)]);
        await timed.LookAsync();
        Assert.Equal(["\"GET:/a\" 20.5"], (await workspace.HistoryAsync(slow)).Select(Shown));
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

    JsonObject Event(string customer, string? plan, decimal n)
    {
        var metadata = new JsonObject { ["n"] = n };
        if (plan is not null)
            metadata["plan"] = plan;
        return Some.Event(at: timed.Now, customer: customer, metadata: metadata);
    }

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
