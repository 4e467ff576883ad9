using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>A preview says how an alert would have fired: as it does fire.</summary>
[Collection<Timed>]
public sealed class AlertPreviewTests(TimedApi timed)
{
    [Theory, InlineData(1), InlineData(2)]
    public async Task A_preview_says_what_the_watch_told(int seed)
    {
        var random = new Random(seed);
        var workspace = await timed.Api.NewWorkspaceAsync();
        JsonObject[] alerts =
        [
            SomeAlerts.Count(above: 4, dimension: "customer"), SomeAlerts.Count(above: 8), SomeAlerts.Count(changePercent: 60, events: "a"),
            SomeAlerts.Of("""{"aggregation":"p90","field":"n"}""", new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = 7.5m }, dimension: "name"),
            SomeAlerts.Of("""{"aggregation":"unique","field":"customer"}""", new JsonObject { ["operator"] = "LESS_THAN", ["value"] = 2 }, "1h", dimension: "name"),
        ];
        await timed.LookAsync();
        // Before there were any events, nobody looked.
        var first = WatchClock.Minute(timed.Now);
        var ids = new List<string>();
        foreach (var alert in alerts)
            ids.Add(await workspace.MakeAlertAsync((JsonObject)alert.DeepClone()));
        for (var minute = 0; minute < 60; minute++)
        {
            // What comes is of this minute, so that no fact is late.
            await workspace.IngestAsync(Enumerable.Range(0, random.Next(4) == 0 ? 3 : random.Next(2)).Append(0).Take(random.Next(1, 4)).Select(_ => Some.Event(
                random.Next(2) == 0 ? "a" : "b", timed.Now, Some.ExternalId, random.Next(2) == 0 ? "acme" : "bob", metadata: new() { ["n"] = random.Next(10) })));
            await timed.LookAsync();
        }

        foreach (var (id, alert) in ids.Zip(alerts))
        {
            var told = await workspace.HistoryAsync(id);
            var previewed = (await workspace.PostAsync($"{SomeAlerts.Path}/preview", new { alert, days = 1 })).GetProperty("data").EnumerateArray().ToList();
            previewed.RemoveAll(row => row.GetProperty("at").GetDateTimeOffset() < first);
            Assert.Equal(told.Select(Shown).Order(), previewed.Select(Shown).Order());
        }

        Assert.True((await workspace.HistoryAsync(ids[0])).Count > 1);
    }

    [Fact]
    public async Task A_preview_tells_the_newest_first_and_stores_nothing()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var day = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero);
        await workspace.IngestAsync(((int[])[-40, -20, -3]).SelectMany(ago => Some.Events(3, at: day.AddDays(ago).AddHours(4).AddSeconds(30))));

        var told = (await workspace.PostAsync($"{SomeAlerts.Path}/preview", new { alert = SomeAlerts.Count(above: 2) })).GetProperty("data");

        Assert.Equal(
            ((int[])[-3, -20]).Select(ago => day.AddDays(ago).AddHours(4)).Select(at => $"{at.AddMinutes(1):O} 3 2 {at.AddMinutes(16):O}"),
            told.EnumerateArray().Select(row => $"{row.GetProperty("at").GetDateTimeOffset():O} {row.GetProperty("value")} {row.GetProperty("limit")} {row.GetProperty("backAt").GetDateTimeOffset():O}"));
        Assert.Equal(3, (await workspace.PostAsync($"{SomeAlerts.Path}/preview", new { alert = SomeAlerts.Count(above: 2), days = 90 })).GetProperty("data").GetArrayLength());
        Assert.Empty((await workspace.GetAsync(SomeAlerts.Path)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_preview_of_more_than_a_thousand_crossings_is_refused()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var day = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-2);
        await workspace.IngestAsync(
            from hour in Enumerable.Range(0, 11)
            from customer in Enumerable.Range(0, hour == 10 ? 1 : 100)
            select Some.Event(at: day.AddHours(hour).AddSeconds(1), externalId: Some.ExternalId, customer: $"c{customer}"));
        var alert = SomeAlerts.Count(above: 0, dimension: "customer");

        var refused = await workspace.PostAsync($"{SomeAlerts.Path}/preview", new { alert, days = 5 }, 400);
        var fitting = await workspace.PostAsync(
            $"{SomeAlerts.Path}/preview", new { alert = SomeAlerts.Of("""{"aggregation":"count"}""", new JsonObject { ["operator"] = "GREATER_THAN", ["value"] = 0 },
                dimension: "customer", filters: JsonNode.Parse("""[{"field":"customer","operator":"NOT_EQUALS","value":"c0"}]""")!.AsArray()), days = 5 });

        var problem = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal("/days too_many", $"{problem.GetProperty("pointer")} {problem.GetProperty("code")}");
        Assert.Contains("1000", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(990, fitting.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_preview_comes_as_CSV_too()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var day = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-2);
        await workspace.IngestAsync(Some.Events(3, at: day.AddSeconds(1)));

        using var answer = await workspace.AskAsync(
            HttpMethod.Post, $"{SomeAlerts.Path}/preview?format=csv", new { alert = SomeAlerts.Count(above: 2, dimension: "customer"), days = 5 });

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            ["at,key,value,limit,changePercent,backAt", $"{day.AddMinutes(1):yyyy-MM-dd'T'HH:mm:ss'Z'},acme,3,2,,{day.AddMinutes(16):yyyy-MM-dd'T'HH:mm:ss'Z'}"],
            (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_statistic_is_previewed_day_by_day()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        var day = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero);
        await workspace.PostAsync($"/api/apps/{app}/downloads", new
        {
            downloads = ((int[])[-9, -5]).Select(ago => new { bytes = 10, timestamp = day.AddDays(ago).AddHours(1) }),
        });
        var alert = JsonNode.Parse(
            """{"name":"n","window":"1d","when":{"operator":"GREATER_THAN","value":9},"statistic":{"scope":"app","id":"acme:shop","measure":"bandwidth"}}""");
        var told = (await workspace.PostAsync($"{SomeAlerts.Path}/preview", new { alert, days = 8 })).GetProperty("data");
        Assert.Equal(
            [$"{day.AddDays(-4):O} 10 {day.AddDays(-3):O}"],
            told.EnumerateArray().Select(row => $"{row.GetProperty("at").GetDateTimeOffset():O} {row.GetProperty("value")} {row.GetProperty("backAt").GetDateTimeOffset():O}"));
    }

    static string Shown(JsonElement row) => string.Join(
        ' ', ((string[])["at", "key", "value", "limit", "changePercent", "backAt"]).Select(member => row.GetProperty(member).GetRawText()));
}
