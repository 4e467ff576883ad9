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
            // Before there were any events, nobody looked.
            var first = timed.Now.AddMinutes(-60);
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
