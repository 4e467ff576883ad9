using System.Globalization;
using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>What the service answers about usage is what looking at every event gives.</summary>
sealed class UsageAgreement(WorkspaceClient workspace, UsageLife life)
{
    /// <summary>Asks by units: ranges as they come in a zone, days in it as the trend.</summary>
    public async Task ByUnitAsync(DateTimeOffset from, DateTimeOffset to, string zone, string moment, string? only = null, WorkspaceClient? asking = null)
    {
        var path = $"/api/v1/analytics/usage/by-billable-unit?from={UsageLife.At(from)}&to={UsageLife.At(to)}&timezone={zone}";
        var answer = await (asking ?? workspace).GetAsync(path);
        var told = answer.GetProperty("units").EnumerateArray().ToList();
        Assert.Equal(life.Units.Select(unit => unit.Key).Order(StringComparer.Ordinal), told.Select(unit => unit.GetProperty("unit").GetString()));
        foreach (var (unit, row) in life.Units.OrderBy(unit => unit.Key, StringComparer.Ordinal).Zip(told))
            AssertUnit(unit, row, from, to, DateTimeZoneProviders.Tzdb[zone], only, $"{moment}, {unit.Key}, {path}");
    }

    void AssertUnit(ToldUnit unit, JsonElement row, DateTimeOffset from, DateTimeOffset to, DateTimeZone zone, string? only, string words)
    {
        var all = life.Uses.Where(use => unit.Matches(use, life.Types) && (only is null || use.Customer == only)).ToList();
        var here = all.FindAll(use => use.At >= from && use.At < to);
        var before = all.FindAll(use => use.At >= from - (to - from) && use.At < from);
        var (total, previous) = (unit.ValueOf(here), unit.ValueOf(before));
        AssertNear(unit, total, row.GetProperty("total"), $"total, {words}");
        AssertNear(unit, previous, row.GetProperty("previousTotal"), $"previousTotal, {words}");
        if (unit.Aggregation != "PERCENTILE_95")
            Assert.Equal(
                previous == 0 ? null : Math.Round((total - previous) * 100 / Math.Abs(previous), 2, MidpointRounding.AwayFromZero),
                Number(row.GetProperty("changePercent")));

        var days = here.ToLookup(use => Day(use.At, zone));
        var trend = row.GetProperty("trend").EnumerateArray().ToList();
        Assert.Equal(Days(from, to, zone), trend.Select(point => point.GetProperty("date").GetString()));
        foreach (var point in trend)
            AssertNear(unit, unit.ValueOf([.. days[point.GetProperty("date").GetString()!]]), point.GetProperty("value"), $"{point}, {words}");
        AssertCustomers(unit, row, here, total, words);
    }

    void AssertCustomers(ToldUnit unit, JsonElement row, List<ToldUse> here, decimal total, string words)
    {
        var customers = row.GetProperty("customers").EnumerateArray().ToList();
        var expected = here.Where(use => use.Customer is not null).ToLookup(use => use.Customer!);
        Assert.Equal(expected.Select(one => one.Key).Order(), customers.Select(one => one.GetProperty("externalCustomerId").GetString()).Order());
        Assert.Equal(customers.Select(one => Number(one.GetProperty("total"))).OrderDescending(), customers.Select(one => Number(one.GetProperty("total"))));
        foreach (var customer in customers)
        {
            var key = customer.GetProperty("externalCustomerId").GetString()!;
            var part = unit.ValueOf([.. expected[key]]);
            AssertNear(unit, part, customer.GetProperty("total"), $"{key}, {words}");
            if (unit.Aggregation != "PERCENTILE_95")
                Assert.Equal(
                    total == 0 ? 0 : Math.Round(part * 100 / total, 2, MidpointRounding.AwayFromZero), Number(customer.GetProperty("sharePercent")));
            Assert.Equal(life.Customers[key]?.ToString(), customer.GetProperty("customerId").GetString());
            Assert.Equal(life.Customers[key] is null ? null : $"Name of {key}", customer.GetProperty("name").GetString());
        }
    }

    /// <summary>Percentiles of more than a hundred values are within 1 % of the neighbour.</summary>
    internal static void AssertNear(ToldUnit unit, decimal expected, JsonElement told, string words)
    {
        var (number, room) = (Number(told)!.Value, unit.Aggregation == "PERCENTILE_95" ? Math.Abs(expected) / 100 : 0);
        Assert.True(Math.Abs(number - expected) <= room, $"{number}, not {expected}: {words}");
    }

    internal static decimal? Number(JsonElement told) => told.ValueKind == JsonValueKind.Null
        ? null
        : decimal.Parse(told.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    static string Day(DateTimeOffset at, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(at).InZone(zone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    static IEnumerable<string> Days(DateTimeOffset from, DateTimeOffset to, DateTimeZone zone)
    {
        var last = Instant.FromDateTimeOffset(to.AddTicks(-1)).InZone(zone).Date;
        for (var day = Instant.FromDateTimeOffset(from).InZone(zone).Date; day <= last; day = day.PlusDays(1))
            yield return day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
    }
}
