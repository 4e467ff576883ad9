using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

sealed record DashboardQuestion(RequestsDay Day) : RequestsQuestion
{
    const int Top = 10;

    protected override string Route => "dashboard";

    protected override IEnumerable<(string Name, string Value)> Parameters => Day.Parameters;

    protected override IReadOnlyList<JsonElement> CsvRows(JsonElement answer) => [.. answer.GetProperty("topEndpoints").EnumerateArray()];

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var requests = asked.Of(Day.At(asked.Now));
        var all = new Counted(requests);
        comparison.Members("the answer", answer,
            "totalRequests", "errorRate", "clientErrorRate", "serverErrorRate", "avgLatency", "latency", "statusBreakdown", "topEndpoints",
            "topCustomers", "realtimeRPS");
        comparison.Whole("all", all.Count, answer, "totalRequests");
        comparison.Rates("all", all, answer);
        comparison.Average("all", all, answer, "avgLatency");
        ComparePercentiles(all, answer.GetProperty("latency"), comparison);
        var codes = answer.GetProperty("statusBreakdown");
        comparison.Members("statusBreakdown", codes, "2xx", "3xx", "4xx", "5xx");
        for (var hundreds = 2; hundreds <= 5; hundreds++)
            comparison.Whole("all", all.WithStatus(hundreds), codes, $"{hundreds}xx");
        CompareEndpoints(requests, answer, comparison);
        CompareCustomers(requests, answer, comparison);

        // Just now is one of the last 60 seconds' instants; what is told of the time to come is not.
        var rightNow = asked.Requests.Count(request => request.At > asked.Now - Duration.FromMinutes(1) && request.At <= asked.Now);
        comparison.Rounded("all", rightNow, 60, answer, "realtimeRPS");
    }

    /// <summary>The four percentiles, and no other members.</summary>
    public static void ComparePercentiles(Counted counted, JsonElement latency, AnswerComparison comparison)
    {
        comparison.Members("latency", latency, "p50", "p90", "p95", "p99");
        foreach (var p in (int[])[50, 90, 95, 99])
            comparison.Percentile("latency", counted, p, counted.Latencies.Length <= Estimate.ExactValues, latency);
    }

    static void CompareEndpoints(List<SeenRequest> requests, JsonElement answer, AnswerComparison comparison)
    {
        var expected = Largest(requests, request => request.Endpoint);
        var rows = comparison.Items(answer, "topEndpoints");
        comparison.SameList("top endpoints", [.. expected.Select(row => row.Key)], AnswerComparison.Texts(rows, "endpoint"));
        foreach (var (endpoint, row) in expected.Zip(rows))
        {
            var counted = new Counted(endpoint);
            comparison.Members(endpoint.Key, row, "endpoint", "count", "avgLatency", "errorRate", "p99");
            comparison.Whole(endpoint.Key, counted.Count, row, "count");
            comparison.Average(endpoint.Key, counted, row, "avgLatency");
            comparison.Percent(endpoint.Key, counted.Errors, counted.Count, row, "errorRate");
            comparison.Percentile(endpoint.Key, counted, 99, counted.Latencies.Length <= Estimate.ExactValues, row);
        }
    }

    static void CompareCustomers(List<SeenRequest> requests, JsonElement answer, AnswerComparison comparison)
    {
        var expected = Largest(requests, request => request.Customer);
        var rows = comparison.Items(answer, "topCustomers");
        comparison.SameList("top customers", [.. expected.Select(row => row.Key)], AnswerComparison.Texts(rows, "customerId"));
        foreach (var (customer, row) in expected.Zip(rows))
        {
            var counted = new Counted(customer);
            comparison.Members(customer.Key, row, "customerId", "count", "totalBytes", "sharePercent");
            comparison.Whole(customer.Key, counted.Count, row, "count");
            comparison.Whole(customer.Key, counted.Bytes, row, "totalBytes");
            comparison.Percent(customer.Key, counted.Count, requests.Count, row, "sharePercent");
        }
    }

    static List<IGrouping<string, SeenRequest>> Largest(List<SeenRequest> requests, Func<SeenRequest, string> by) =>
        [.. requests.GroupBy(by).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(Top)];
}
