using System.Text.Json;

namespace Analytics.Tests.Oracle.Requests;

sealed record EndpointsQuestion(RequestsRange Range) : RequestsQuestion
{
    const string Usual = "-count";

    public static readonly string[] Fields =
    [
        "endpoint", "count", "errorRate", "clientErrorRate", "serverErrorRate", "avgLatency", "p50", "p90", "p95", "p99", "bytes",
        "requestBytes", "customers",
    ];

    public string? Sort { get; init; }

    public string? Q { get; init; }

    protected override string Route => "endpoints";

    protected override IEnumerable<(string Name, string Value)> Parameters =>
        [.. Range.Parameters, .. Named("sort", Sort), .. Named("q", Q)];

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var expected = asked.Of(Range.At(asked.Now)).GroupBy(request => request.Endpoint)
            .Where(endpoint => Q is null || endpoint.Key.Contains(Q, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(endpoint => endpoint.Key, endpoint => new Counted(endpoint));
        var rows = comparison.Items(answer, "data");
        var names = AnswerComparison.Texts(rows, "endpoint");
        comparison.SameList("endpoints by name",
            [.. expected.Keys.Order(StringComparer.Ordinal)], [.. names.Order(StringComparer.Ordinal)]);
        foreach (var (name, row) in names.Zip(rows).Where(pair => expected.ContainsKey(pair.First)))
            CompareRow(name, expected[name], row, comparison);
        CompareOrder(rows, comparison);
    }

    static void CompareRow(string name, Counted counted, JsonElement row, AnswerComparison comparison)
    {
        comparison.Members(name, row, Fields);
        comparison.Whole(name, counted.Count, row, "count");
        comparison.Rates(name, counted, row);
        comparison.Average(name, counted, row, "avgLatency");
        foreach (var p in (int[])[50, 90, 95, 99])
            comparison.Percentile(name, counted, p, counted.Latencies.Length <= Estimate.ExactValues, row);
        comparison.Whole(name, counted.Bytes, row, "bytes");
        comparison.Whole(name, counted.RequestBytes, row, "requestBytes");
        comparison.Whole(name, counted.Customers, row, "customers");
    }

    // Rates are sorted by what they are, which is more than their 2 decimals: where those are the same either may come first.
    void CompareOrder(List<JsonElement> rows, AnswerComparison comparison)
    {
        var sort = Sort ?? Usual;
        var field = sort.TrimStart('-');
        var isWhole = field is "count" or "bytes" or "requestBytes" or "customers";
        foreach (var (one, next) in rows.Zip(rows.Skip(1)))
        {
            var byName = string.CompareOrdinal(one.GetProperty("endpoint").GetString(), next.GetProperty("endpoint").GetString());
            var order = field == "endpoint" ? byName : comparison.Number(one, field).CompareTo(comparison.Number(next, field));
            if (sort[0] == '-')
                order = -order;
            if (order > 0 || (order == 0 && isWhole && byName > 0))
                comparison.Fail($"not in the order of {sort}: {one.GetProperty("endpoint")}, {next.GetProperty("endpoint")}");
        }
    }
}
