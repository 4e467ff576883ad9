using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>By the hours of the week, or by hour of the busiest endpoints.</summary>
sealed record HeatmapQuestion(RequestsRange Range) : RequestsQuestion
{
    const int Busiest = 20;

    public static readonly string[] Measures = ["count", "avgLatency", "errorRate", "p95", "p99"];

    public string? Measure { get; init; }

    public bool IsByEndpoint { get; init; }

    public string? Endpoint { get; init; }

    protected override string Route => "heatmap";

    protected override IEnumerable<(string Name, string Value)> Parameters =>
    [
        .. Range.Parameters, .. Named("measure", Measure), .. Named("by", IsByEndpoint ? "endpoint" : null), .. Named("endpoint", Endpoint),
    ];

    protected override IReadOnlyList<JsonElement> CsvRows(JsonElement answer) => [.. answer.GetProperty("cells").EnumerateArray()];

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var (from, to) = Range.At(asked.Now);
        var chosen = asked.Of((from, to)).FindAll(request => Endpoint is null || request.Endpoint == Endpoint);
        comparison.Members("the answer", answer, "cells");
        var cells = comparison.Items(answer, "cells");
        if (IsByEndpoint)
            CompareEndpoints(chosen, Calendar.Buckets(Range.Zone, "hour", from, to), cells, asked.Now, comparison);
        else
            CompareWeek(chosen, cells, comparison);
    }

    void CompareWeek(List<SeenRequest> chosen, List<JsonElement> cells, AnswerComparison comparison)
    {
        var zone = DateTimeZoneProviders.Tzdb[Range.Zone];
        var inside = chosen.ToLookup(request => (Weekday: (int)request.At.InZone(zone).DayOfWeek, request.At.InZone(zone).Hour));
        var exact = new Counted(chosen).Latencies.Length <= Estimate.ExactValues;
        var expected = Enumerable.Range(0, 168).Select(at => (Weekday: (at / 24) + 1, Hour: at % 24)).ToList();
        comparison.SameList("cells", expected.ConvertAll(cell => $"{cell.Weekday} {cell.Hour}"),
            cells.ConvertAll(cell => $"{cell.GetProperty("weekday")} {cell.GetProperty("hour")}"));
        foreach (var (at, cell) in expected.Zip(cells))
        {
            comparison.Members($"cell {at}", cell, "weekday", "hour", "value");
            CompareValue($"cell {at}", new(inside[at]), exact, cell, comparison);
        }
    }

    void CompareEndpoints(
        List<SeenRequest> chosen, List<CalendarBucket> hours, List<JsonElement> cells, Instant now, AnswerComparison comparison)
    {
        var expected = chosen.GroupBy(request => request.Endpoint)
            .OrderByDescending(endpoint => endpoint.Count()).ThenBy(endpoint => endpoint.Key, StringComparer.Ordinal)
            .Take(Busiest).ToList();
        var rows = cells.ConvertAll(cell =>
            (Endpoint: cell.GetProperty("endpoint").GetString()!, At: comparison.InstantOf(cell.GetProperty("timestamp")), Cell: cell));
        comparison.SameList("cells",
            [.. expected.SelectMany(endpoint => hours.Select(hour => $"{endpoint.Key} {hour.Start}")).Order(StringComparer.Ordinal)],
            [.. rows.Select(row => $"{row.Endpoint} {row.At}").Order(StringComparer.Ordinal)]);
        foreach (var endpoint in expected)
        {
            var exact = new Counted(endpoint).Latencies.Length <= Estimate.ExactValues;
            var inside = endpoint.ToLookup(request => hours.FindLastIndex(hour => hour.From <= request.At));
            foreach (var (row, (hour, bucket)) in rows.Where(row => row.Endpoint == endpoint.Key).OrderBy(row => row.At).Zip(hours.Index()))
            {
                string[] members = ["endpoint", "timestamp", "value"];
                comparison.Members($"{endpoint.Key} {bucket.Start}", row.Cell, bucket.IsPartial(now) ? [.. members, "partial"] : members);
                CompareValue($"{endpoint.Key} {bucket.Start}", new(inside[hour]), exact, row.Cell, comparison);
            }
        }
    }

    void CompareValue(string what, Counted counted, bool exact, JsonElement cell, AnswerComparison comparison)
    {
        switch (Measure ?? "count")
        {
            case "count":
                comparison.Whole(what, counted.Count, cell, "value");
                break;
            case "avgLatency":
                comparison.Average(what, counted, cell, "value");
                break;
            case "errorRate":
                comparison.Percent(what, counted.Errors, counted.Count, cell, "value");
                break;
            case var percentile:
                comparison.Percentile(what, counted, int.Parse(percentile[1..]), exact, cell, "value");
                break;
        }
    }
}
