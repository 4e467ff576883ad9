using System.Globalization;
using System.Text.Json;

namespace Analytics.Tests.Oracle.Requests;

sealed record SlowQuestion(RequestsDay Day) : RequestsQuestion
{
    const int Most = 100;
    const long Slow = 1_000_000;

    protected override string Route => "slow";

    protected override IEnumerable<(string Name, string Value)> Parameters => Day.Parameters;

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        List<SeenRequest> expected =
        [
            .. asked.Of(Day.At(asked.Now)).Where(request => request.Told.IsMeasured && request.Told.Latency > Slow)
                .OrderByDescending(request => request.Told.Latency)
                .ThenBy(request => request.Endpoint, StringComparer.Ordinal).ThenBy(request => request.Customer, StringComparer.Ordinal),
        ];
        var rows = comparison.Items(answer, "data");
        foreach (var row in rows)
            comparison.Members("a request", row, "endpoint", "latencyMs", "customerId", "statusCode", "timestamp");
        comparison.SameList("slow requests", [.. expected.Take(Limit ?? Most).Select(Key)], [.. rows.Select(row => Key(row, comparison))]);

        // Those of one latency, endpoint and customer may stand in any order, and any of them may be the last.
        var left = expected.CountBy(Line).ToDictionary();
        foreach (var line in rows.Select(row => Line(row, comparison)))
            if (left.GetValueOrDefault(line) == 0)
                comparison.Fail($"no such slow request is left: {line}");
            else
                left[line]--;
    }

    static string Key(SeenRequest request) => $"{Milliseconds((decimal)request.Told.Latency / 1000)} {request.Endpoint} {request.Customer}";

    static string Key(JsonElement row, AnswerComparison comparison) =>
        $"{Milliseconds(comparison.Number(row, "latencyMs"))} {row.GetProperty("endpoint")} {row.GetProperty("customerId")}";

    static string Line(SeenRequest request) => $"{Key(request)} {request.Told.Status} {RequestsRange.Text(request.At)}";

    static string Line(JsonElement row, AnswerComparison comparison) =>
        $"{Key(row, comparison)} {row.GetProperty("statusCode")} {RequestsRange.Text(comparison.InstantOf(row.GetProperty("timestamp")))}";

    static string Milliseconds(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
