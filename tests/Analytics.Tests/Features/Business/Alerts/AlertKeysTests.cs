using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Requests;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Of an alert by a dimension each key is watched by itself, and has a history.</summary>
[Collection<Timed>]
public sealed class AlertKeysTests(TimedApi timed)
{
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
                    var page = await workspace.GetAsync($"{SomeAlerts.Path}/{alert}/history?sort={sort}&limit=1{cursor}");
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

        await workspace.GetAsync($"{SomeAlerts.Path}/{alert}/history?sort=id", 400);
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

    JsonObject Event(string customer, string? plan, decimal n)
    {
        var metadata = new JsonObject { ["n"] = n };
        if (plan is not null)
            metadata["plan"] = plan;
        return Some.Event(at: timed.Now, customer: customer, metadata: metadata);
    }

    static string Shown(JsonElement row) =>
        $"{(row.GetProperty("key").ValueKind == JsonValueKind.Null ? "" : row.GetProperty("key").GetRawText())} {row.GetProperty("value").GetRawText()}";
}
