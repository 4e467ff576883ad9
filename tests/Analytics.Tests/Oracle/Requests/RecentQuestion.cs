using System.Globalization;
using System.Text.Json;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Filters that are empty are not asked; several values of one mean any of them.</summary>
sealed record RecentQuestion(RequestsRange Range) : RequestsQuestion
{
    static readonly string[] Members =
    [
        "id", "timestamp", "method", "path", "route", "endpoint", "statusCode", "latencyMs", "customerId", "productId", "apiKeyId",
        "requestSize", "responseSize", "userAgent", "ip", "requestId",
    ];

    public string[] Endpoints { get; init; } = [];

    /// <summary>By either id.</summary>
    public string[] Customers { get; init; } = [];

    public string[] ApiKeys { get; init; } = [];
    public int[] Statuses { get; init; } = [];

    protected override string Route => "recent";

    protected override IEnumerable<(string Name, string Value)> Parameters =>
    [
        .. Range.Parameters, .. Endpoints.Select(endpoint => ("endpoint", endpoint)),
        .. Customers.Select(customer => ("customerId", customer)),
        .. ApiKeys.Select(key => ("apiKeyId", key)), .. Statuses.Select(status => ("status", $"{status}")),
    ];

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var names = Customers.Select(asked.World.NameOf).ToHashSet();
        var expected = asked.Of(Range.At(asked.Now))
            .Where(request => (Endpoints is [] || Endpoints.Contains(request.Endpoint))
                && (Customers is [] || names.Contains(request.Customer))
                && (ApiKeys is [] || ApiKeys.Contains(request.Told.ApiKey))
                && (Statuses is [] || Statuses.Contains(request.Told.Status)))
            .Select(Line);
        var rows = comparison.Items(answer, "data");
        foreach (var row in rows.Take(1))
            comparison.Members("a request", row, Members);

        // Newest first; who came at the same microsecond may stand in any order.
        comparison.SameList("requests",
            [.. expected.OrderDescending(StringComparer.Ordinal)],
            [.. rows.Select(row => Line(row, comparison)).OrderDescending(StringComparer.Ordinal)]);
        foreach (var (one, next) in rows.Zip(rows.Skip(1)))
            if (comparison.InstantOf(one.GetProperty("timestamp")) < comparison.InstantOf(next.GetProperty("timestamp")))
                comparison.Fail($"not newest first: {one.GetProperty("timestamp")}, {next.GetProperty("timestamp")}");
        comparison.Same("distinct ids", rows.Count, rows.Select(row => row.GetProperty("id").GetGuid()).Distinct().Count());
    }

    static string Line(SeenRequest request)
    {
        var told = request.Told;
        string? Kept(string? text) => told.IsErased ? null : text;
        return Joined(
            RequestsRange.Text(request.At), told.Method.ToUpperInvariant(), Kept(told.Path), Kept(told.Route), request.Endpoint,
            $"{told.Status}", Milliseconds((decimal)told.Latency / 1000), request.Customer, told.Product, Kept(told.ApiKey),
            $"{told.RequestSize}", $"{told.ResponseSize}", Kept(told.UserAgent), Kept(told.Ip), Kept(told.Id));
    }

    static string Line(JsonElement row, AnswerComparison comparison) => Joined([.. Members.Skip(1).Select(member => member switch
    {
        "timestamp" => RequestsRange.Text(comparison.InstantOf(row.GetProperty(member))),
        "latencyMs" => Milliseconds(comparison.Number(row, member)),
        _ when row.GetProperty(member).ValueKind == JsonValueKind.Null => null,
        _ => row.GetProperty(member).ToString(),
    })]);

    static string Milliseconds(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    static string Joined(params string?[] members) => string.Join(" | ", members.Select(member => member ?? "null"));
}
