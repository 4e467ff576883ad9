using System.Text.Json;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>About a day that is named, or a range.</summary>
sealed record LatencyQuestion(RequestsDay? Day, RequestsRange? Range) : RequestsQuestion
{
    public string? Endpoint { get; init; }

    protected override string Route => "latency";

    protected override IEnumerable<(string Name, string Value)> Parameters =>
        [.. Day?.Parameters ?? Range!.Parameters, .. Named("endpoint", Endpoint)];

    protected override IReadOnlyList<JsonElement> CsvRows(JsonElement answer) => [answer];

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var all = asked.Of(Day?.At(asked.Now) ?? Range!.At(asked.Now));
        var counted = new Counted(all.Where(request => Endpoint is null || request.Endpoint == Endpoint));
        var (min, max) = counted.Latencies is [] ? (0, 0) : (counted.Latencies[0], counted.Latencies[^1]);
        comparison.Members("the answer", answer, "p50", "p90", "p95", "p99", "count", "min", "max", "avg", "statusCodes");
        foreach (var p in (int[])[50, 90, 95, 99])
            comparison.Percentile("all", counted, p, counted.Latencies.Length <= Estimate.ExactValues, answer);
        comparison.Whole("all", counted.Count, answer, "count");
        comparison.Same("min", (decimal)min / 1000, comparison.Number(answer, "min"));
        comparison.Same("max", (decimal)max / 1000, comparison.Number(answer, "max"));
        comparison.Average("all", counted, answer, "avg");
        comparison.Same("statusCodes",
            string.Join(' ', counted.StatusCodes.Select(code => $"{code.Key}:{code.Value}")),
            string.Join(' ', answer.GetProperty("statusCodes").EnumerateObject().OrderBy(code => code.Name, StringComparer.Ordinal)
                .Select(code => $"{code.Name}:{code.Value.GetRawText()}")));
    }
}
