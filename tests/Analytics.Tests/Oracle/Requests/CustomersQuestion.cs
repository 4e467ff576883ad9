using System.Numerics;
using System.Text.Json;

namespace Analytics.Tests.Oracle.Requests;

sealed record CustomersQuestion(RequestsRange Range) : RequestsQuestion
{
    const decimal UnitsOfCent = 1_000_000_000_000;

    protected override string Route => "customers";

    protected override IEnumerable<(string Name, string Value)> Parameters => Range.Parameters;

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var (from, to) = Range.At(asked.Now);
        var requests = asked.Of((from, to));
        var costs = asked.World.CostOf(asked.Only, from, to);
        var expected = requests.GroupBy(request => request.Customer)
            .OrderByDescending(customer => customer.Count()).ThenBy(customer => customer.Key, StringComparer.Ordinal).ToList();
        var rows = comparison.Items(answer, "data");
        comparison.SameList("customers", [.. expected.Select(customer => customer.Key)], AnswerComparison.Texts(rows, "customerId"));
        var above = 0;
        foreach (var (customer, row) in expected.Zip(rows))
        {
            var (name, counted) = (customer.Key, new Counted(customer));
            var cost = asked.World.CostOf(name, from, to);
            above += counted.Count;
            comparison.Members(name, row,
                "customerId", "count", "totalBytes", "requestBytes", "errorRate", "avgLatency", "sharePercent", "cumulativeSharePercent",
                "costCents", "costSharePercent");
            comparison.Whole(name, counted.Count, row, "count");
            comparison.Whole(name, counted.Bytes, row, "totalBytes");
            comparison.Whole(name, counted.RequestBytes, row, "requestBytes");
            comparison.Percent(name, counted.Errors, counted.Count, row, "errorRate");
            comparison.Average(name, counted, row, "avgLatency");
            comparison.Percent(name, counted.Count, requests.Count, row, "sharePercent");
            comparison.Percent(name, above, requests.Count, row, "cumulativeSharePercent");
            CompareCost(name, cost, row, comparison);
            comparison.Percent(name, cost, costs, row, "costSharePercent");
        }
    }

    static void CompareCost(string name, BigInteger cost, JsonElement row, AnswerComparison comparison) =>
        comparison.Same($"{name} costCents", Units.Show(cost), Units.Show((BigInteger)(comparison.Number(row, "costCents") * UnitsOfCent)));
}
