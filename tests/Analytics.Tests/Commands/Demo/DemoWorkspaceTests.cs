using System.Globalization;
using System.Text.Json;
using Analytics.Commands.Demo;
using Analytics.Commands.Demo.Life;
using Analytics.Time;

namespace Analytics.Tests.Commands.Demo;

/// <summary>What a first start leaves: all of the demo, with what there is to find in it.</summary>
public sealed class DemoWorkspaceTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_first_start_leaves_something_to_find()
    {
        var cancel = TestContext.Current.CancellationToken;
        var key = await DemoWorkspace.NewKeyAsync(new DemoClient(api.Root.Http, api.RootKey), cancel);
        var another = await DemoWorkspace.NewKeyAsync(new DemoClient(api.Root.Http, api.RootKey), cancel);

        var usable = new List<Guid>();
        var loaded = await new DemoLoad(new DemoClient(api.Anonymous.Http, key), TimeProvider.System).RunAsync(
            workspace =>
            {
                usable.Add(workspace);
                return Task.CompletedTask;
            },
            cancel);

        var demo = api.With(another);
        var workspace = await demo.GetAsync($"/api/workspaces/{Assert.Single(usable)}");
        Assert.Equal("Europe/Berlin", workspace.GetProperty("timezone").GetString());
        Assert.Equal("usd", workspace.GetProperty("currency").GetString());
        Assert.InRange(loaded.Facts["events"], 15_000, 60_000);
        Assert.InRange(loaded.Facts["requests"], 100_000, 400_000);
        await FindsADegradationAsync(demo);
        await FindsSlowHoursAsync(demo);
        await FindsTracesAndMoneyAsync(demo);
        await FindsWhatABusinessAsksForAsync(demo);
    }

    static async Task FindsADegradationAsync(ApiClient demo)
    {
        var opened = Rhythm.DayOf(TimeProvider.System.GetUtcNow());
        var found = await RowsAsync(demo, $"/api/requests/degradations?from={opened.AddDays(-29):yyyy-MM-dd}");
        Assert.True(Zones.TryFind("Europe/Berlin", out var berlin));
        var since = found.Where(row => row.GetProperty("endpoint").GetString() == "GET:/api/search")
            .Max(row => berlin.LocalOf(row.GetProperty("since").GetDateTimeOffset()));

        Assert.Equal((DayOfWeek.Tuesday, 14), (since.DayOfWeek, since.Hour));
        Assert.InRange(opened.DayNumber - DateOnly.FromDateTime(since).DayNumber, 0, 8);
        Assert.All(found, row => Assert.Equal("p95", row.GetProperty("measure").GetString()));
        Assert.All(found, row => Assert.InRange(row.GetProperty("factor").GetDouble(), 2, 20));
    }

    static async Task FindsSlowHoursAsync(ApiClient demo)
    {
        var today = Rhythm.DayOf(TimeProvider.System.GetUtcNow());
        var found = await RowsAsync(demo, $"/api/requests/slow/patterns?from={today.AddDays(-29):yyyy-MM-dd}");

        Assert.Equal(
            ["GET:/api/invoices/{id}/pdf 8 1", "POST:/api/export 9 "],
            found.Select(row => $"{row.GetProperty("endpoint")} {row.GetProperty("hour")} {row.GetProperty("weekday")}")
                .Order(StringComparer.Ordinal));
    }

    static async Task FindsTracesAndMoneyAsync(ApiClient demo)
    {
        var today = Rhythm.DayOf(TimeProvider.System.GetUtcNow());
        var range = string.Create(CultureInfo.InvariantCulture, $"start_date={today.AddDays(-29):yyyy-MM-dd}&end_date={today:yyyy-MM-dd}");
        var metrics = await demo.GetAsync($"/api/metrics?interval=day&{range}&compare=previous_period");
        var (totals, before) = (metrics.GetProperty("totals"), metrics.GetProperty("previous").GetProperty("totals"));
        var questions = await demo.GetAsync($"/api/events/statistics/timeseries?interval=month&{range}&name=assistant.question");
        var question = questions.GetProperty("totals")[0];
        var failed = await RowsAsync(demo, "/api/events?name=health_check.failed&limit=3");

        foreach (var metric in (string[])["file_share_revenue", "file_share_platform_fees", "costs", "file_share_downloads"])
        {
            Assert.True(totals.GetProperty(metric).GetDecimal() > 0, $"{metric} is nothing.");
            Assert.True(before.GetProperty(metric).GetDecimal() > 0, $"{metric} was nothing before.");
        }

        Assert.Equal(Customers.All.Length, totals.GetProperty("active_users").GetInt32());
        Assert.InRange(totals.GetProperty("file_share_payment_conversion").GetDouble(), 0.5, 0.95);
        Assert.InRange(Amount(question.GetProperty("averages").GetProperty("_cost_amount")), 1, 20);
        Assert.Equal("CRITICAL", failed[0].GetProperty("metadata").GetProperty("_log").GetProperty("severity").GetString());
    }

    static async Task FindsWhatABusinessAsksForAsync(ApiClient demo)
    {
        var margins = (await demo.GetAsync("/api/v1/analytics/cogs?groupBy=product")).GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.GetProperty("key").GetString() ?? "", row => row.GetProperty("marginCents").GetDecimal());
        var tools = (await demo.GetAsync("/api/v1/analytics/mcp/tools")).GetProperty("tools").EnumerateArray()
            .ToDictionary(tool => tool.GetProperty("tool").GetString()!, tool => tool.GetProperty("errorRate").GetDouble());
        var left = (await demo.GetAsync("/api/v1/analytics/storefront/funnel")).GetProperty("biggestDropOff");
        var units = (await demo.GetAsync("/api/v1/analytics/usage/by-billable-unit")).GetProperty("units").EnumerateArray().ToList();
        var risks = (await demo.GetAsync("/api/v1/analytics/usage/by-customer")).GetProperty("customers").EnumerateArray()
            .Select(customer => customer.GetProperty("churnRisk").GetProperty("level").GetString());

        Assert.Equal(["", "assistant", "converter", "files", "files-mcp"], margins.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["", "assistant"], margins.Keys.Where(product => margins[product] < 0).Order(StringComparer.Ordinal));
        Assert.InRange(tools["export_archive"], 35, 75);
        Assert.All(tools.Where(tool => tool.Key != "export_archive"), tool => Assert.InRange(tool.Value, 0, 15));
        Assert.Equal(("pricing_view", "signup"), (left.GetProperty("from").GetString(), left.GetProperty("to").GetString()));
        Assert.Equal(Units.All.Length, units.Count);
        Assert.All(units, unit => Assert.True(unit.GetProperty("total").GetDecimal() > 0, $"{unit} is nothing."));
        Assert.Contains("high", risks);
        Assert.Contains("none", risks);
    }

    static decimal Amount(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    static async Task<List<JsonElement>> RowsAsync(ApiClient demo, string path) =>
        [.. (await demo.GetAsync(path)).GetProperty("data").EnumerateArray()];
}
