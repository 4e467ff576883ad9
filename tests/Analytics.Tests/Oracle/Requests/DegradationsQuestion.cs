using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>
/// Which endpoints left their baselines in a range. A row is a run of consecutive degraded hours, some of which is in the range; its
/// figures may be those of any of these hours, for the contract does not say of which.
/// </summary>
sealed record DegradationsQuestion(RequestsRange Range) : RequestsQuestion
{
    protected override string Route => "degradations";

    protected override IEnumerable<(string Name, string Value)> Parameters => Range.Parameters;

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var (from, to) = Range.At(asked.Now);
        var expected = asked.Requests.Where(request => request.At <= asked.Now).GroupBy(request => request.Endpoint)
            .SelectMany(endpoint => new Baselines(endpoint.Key, endpoint).Degradations())
            .Where(degradation => degradation.Since < to && degradation.End > from).ToList();
        var certain = expected.Where(degradation => degradation.IsCertain).ToDictionary(Name);
        var doubtful = expected.Where(degradation => !degradation.IsCertain)
            .Select(degradation => (degradation.Endpoint, degradation.Measure)).ToHashSet();
        var rows = comparison.Items(answer, "data").FindAll(
            row => !doubtful.Contains((row.GetProperty("endpoint").GetString()!, row.GetProperty("measure").GetString()!))
                || certain.ContainsKey(Name(row, comparison)));
        comparison.SameList("degradations",
            [.. certain.Keys.Order(StringComparer.Ordinal)], [.. rows.Select(row => Name(row, comparison)).Order(StringComparer.Ordinal)]);
        foreach (var row in rows)
            if (certain.TryGetValue(Name(row, comparison), out var degradation))
                CompareRow(degradation, row, comparison);
    }

    static string Name(Degradation degradation) => $"{degradation.Endpoint} {degradation.Measure} since {degradation.Since}";

    static string Name(JsonElement row, AnswerComparison comparison) =>
        $"{row.GetProperty("endpoint")} {row.GetProperty("measure")} since {comparison.InstantOf(row.GetProperty("since"))}";

    static void CompareRow(Degradation degradation, JsonElement row, AnswerComparison comparison)
    {
        comparison.Members(Name(degradation), row, "endpoint", "since", "measure", "baseline", "current", "factor");
        var (baseline, current) = (comparison.Number(row, "baseline"), comparison.Number(row, "current"));
        if (!degradation.Hours.Exists(hour => IsWithin(baseline, hour.Baseline) && IsWithin(current, hour.Current)))
            comparison.Fail($"{Name(degradation)}: {baseline} and {current} are none of {string.Join(", ", degradation.Hours)}");
        if (baseline == 0)
            comparison.Text(Name(degradation), null, row, "factor");
        else if (Math.Abs(comparison.Number(row, "factor") - (current / baseline)) > 0.005m + (0.0051m * current / baseline / baseline))
            comparison.Fail($"{Name(degradation)} factor: expected {current} / {baseline}, got {row.GetProperty("factor")}");
    }

    // Rates have 2 decimals.
    static bool IsWithin(decimal answered, Bounds bounds) => answered >= bounds.Low - 0.005m && answered <= bounds.High + 0.005m;
}
