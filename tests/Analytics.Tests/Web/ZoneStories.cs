using System.Globalization;
using Analytics.Tests.Features.Metrics;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;

namespace Analytics.Tests.Web;

public sealed class ZoneStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    /// <summary>The first hour of a day in its zone, how many it has, some of their names, and that of the day.</summary>
    [Theory]
    [InlineData(
        "Europe/Paris", "2026-03-28T23:00Z", 23, "Sunday 29 Mar 2026, 23 h",
        "0 Sun 29 Mar 2026, 00:00–01:00", "1 Sun 29 Mar 2026, 01:00–03:00", "2 Sun 29 Mar 2026, 03:00–04:00",
        "22 Sun 29 Mar 2026, 23:00")]
    [InlineData(
        "Europe/Paris", "2026-10-24T22:00Z", 25, "Sunday 25 Oct 2026, 25 h",
        "1 Sun 25 Oct 2026, 01:00–02:00 CEST", "2 Sun 25 Oct 2026, 02:00 CEST–02:00 CET", "3 Sun 25 Oct 2026, 02:00 CET–03:00",
        "24 Sun 25 Oct 2026, 23:00")]
    [InlineData(
        "Asia/Beirut", "2026-03-28T22:00Z", 23, "Sunday 29 Mar 2026, 23 h",
        "0 Sun 29 Mar 2026, 01:00–02:00", "22 Sun 29 Mar 2026, 23:00")]
    [InlineData(
        "Asia/Beirut", "2026-10-23T21:00Z", 25, "Saturday 24 Oct 2026, 25 h",
        "22 Sat 24 Oct 2026, 22:00–23:00 EEST", "23 Sat 24 Oct 2026, 23:00 EEST–23:00 EET", "24 Sat 24 Oct 2026, 23:00 EET")]
    [InlineData(
        "Asia/Kathmandu", "2026-03-28T18:15Z", 24, "Sunday 29 Mar 2026",
        "0 Sun 29 Mar 2026, 00:00–01:00", "23 Sun 29 Mar 2026, 23:00")]
    public async Task Days_have_the_hours_of_their_zone_wherever_the_browser_is(
        string zone, string start, int hours, string day, params string[] names)
    {
        var first = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);
        var workspace = await Api.NewWorkspaceAsync(zone);
        await FillAsync(workspace, first, hours);
        var visitor = await SignedInAsync(workspace, new() { Zone = "America/New_York" });
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(first, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
        var range = $"from={date:yyyy-MM-dd}&to={date:yyyy-MM-dd}&interval=hour";

        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?{range}");
        var costs = await visitor.ShownAsync("metrics-one");
        var rows = await costs.RowsAsync(hours);

        AssertHours(rows, names, cost => $"${cost / 100m:0.00}");
        await AssertAnswerAsync(workspace, date, first, hours);
        foreach (var name in names)
            await AssertSpokenAsync(costs, name);

        await visitor.GoAsync($"{workspace.Slug}/api?{range}");
        AssertHours(await (await visitor.ShownAsync("api-requests")).RowsAsync(hours), names, count => $"{count} | 0");

        var days = $"from={date.AddDays(-1):yyyy-MM-dd}&to={date.AddDays(1):yyyy-MM-dd}&interval=day";
        await visitor.GoAsync($"{workspace.Slug}/metrics/costs?{days}");
        Assert.Equal(
            $"{day} | ${hours * (hours + 1) / 2 / 100m:0.00}", (await (await visitor.ShownAsync("metrics-one")).RowsAsync(3))[1]);
    }

    /// <summary>Each hour costs a cent more than the one before, and has a request more; the hours around the day are not of it.</summary>
    static async Task FillAsync(WorkspaceClient workspace, DateTimeOffset first, int hours)
    {
        await workspace.IngestAsync(
            Enumerable.Range(-1, hours + 2).Select(hour => Cost(first.AddHours(hour + 0.3), hour < 0 ? 99 : hour + 1)));
        await workspace.SendAsync(
            Enumerable.Range(0, hours).SelectMany(hour => Enumerable.Repeat(new Sent(first.AddHours(hour + 0.9)), hour + 1)));
    }

    static async Task AssertAnswerAsync(WorkspaceClient workspace, DateOnly date, DateTimeOffset first, int hours)
    {
        var answer = await workspace.GetAsync(
            $"{Dashboard.Route}?start_date={date:yyyy-MM-dd}&end_date={date:yyyy-MM-dd}&interval=hour&metrics=costs");
        Assert.Equal([.. Enumerable.Range(1, hours).Select(cost => $"{cost}")], Dashboard.Each(answer, "costs"));
        Assert.Equal(
            Enumerable.Range(0, hours).Select(hour => first.AddHours(hour)),
            Dashboard.Periods(answer).Select(period => period.GetProperty("timestamp").GetDateTimeOffset()));
    }

    static void AssertHours(string[] rows, string[] names, Func<int, string> value)
    {
        Assert.Equal(rows.Length, rows.Select(row => row.Split(" | ")[0]).Distinct().Count());
        foreach (var (hour, name) in names.Select(Parted))
            Assert.Equal($"{name} | {value(hour + 1)}", rows[hour]);
        Assert.Equal(Enumerable.Range(1, rows.Length).Select(value), rows.Select(row => row[(row.IndexOf('|') + 2)..]));
    }

    /// <summary>By keyboard one comes to the hour, and hears the same.</summary>
    static Task AssertSpokenAsync(ILocator panel, string named)
    {
        var (hour, name) = Parted(named);
        return panel.SaysAsync(["Home", .. Enumerable.Repeat("ArrowRight", hour)], $"{name}, Costs ${(hour + 1) / 100m:0.00}");
    }

    static (int Hour, string Name) Parted(string named)
    {
        var space = named.IndexOf(' ');
        return (int.Parse(named[..space]), named[(space + 1)..]);
    }
}
