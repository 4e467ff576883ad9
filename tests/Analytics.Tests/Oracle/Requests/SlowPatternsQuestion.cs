using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

sealed record SlowPatternsQuestion(RequestsRange Range) : RequestsQuestion
{
    protected override string Route => "slow/patterns";

    protected override IEnumerable<(string Name, string Value)> Parameters => Range.Parameters;

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var expected = asked.Of(At(asked.Now)).GroupBy(request => request.Endpoint)
            .SelectMany(endpoint => SlowPattern.Of(endpoint.Key, endpoint, Range.Zone))
            .ToDictionary(pattern => $"{pattern.Endpoint} at {pattern.Hour}");
        var rows = comparison.Items(answer, "data");
        var names = rows.ConvertAll(row => $"{row.GetProperty("endpoint").GetString()} at {row.GetProperty("hour")}");
        comparison.SameList("certain patterns",
            [.. expected.Where(pattern => pattern.Value.IsCertain).Select(pattern => pattern.Key).Order(StringComparer.Ordinal)],
            [.. names.Where(name => !expected.TryGetValue(name, out var known) || known.IsCertain).Order(StringComparer.Ordinal)]);
        foreach (var (name, row) in names.Zip(rows))
            if (expected.TryGetValue(name, out var pattern) && pattern.IsCertain)
                CompareRow(name, pattern, row, comparison);
        foreach (var (one, next) in rows.Zip(rows.Skip(1)))
            if (Order(one, next) > 0)
                comparison.Fail($"not in order: {one}, {next}");
    }

    // 14 days are today and the 13 before it.
    (Instant From, Instant To) At(Instant now) => Range is { From: null, To: null }
        ? (new RequestsDay(Range.Zone, now.InZone(DateTimeZoneProviders.Tzdb[Range.Zone]).Date.PlusDays(-13)).At(now).From, now)
        : Range.At(now, Duration.FromDays(14));

    static void CompareRow(string name, SlowPattern pattern, JsonElement row, AnswerComparison comparison)
    {
        comparison.Members(name, row, "endpoint", "hour", "weekday", "days", "slowDays", "p95", "p95Otherwise");
        comparison.Text(name, pattern.Weekday?.ToString(), row, "weekday");
        comparison.Whole(name, pattern.Days, row, "days");
        comparison.Whole(name, pattern.SlowDays, row, "slowDays");
        comparison.Near(name, pattern.P95, row, "p95");
        comparison.Near(name, pattern.P95Otherwise, row, "p95Otherwise");
    }

    // Most slow days first, then by endpoint.
    static int Order(JsonElement one, JsonElement next)
    {
        var bySlowDays = next.GetProperty("slowDays").GetInt32().CompareTo(one.GetProperty("slowDays").GetInt32());
        return bySlowDays != 0 ? bySlowDays
            : string.CompareOrdinal(one.GetProperty("endpoint").GetString(), next.GetProperty("endpoint").GetString());
    }
}
