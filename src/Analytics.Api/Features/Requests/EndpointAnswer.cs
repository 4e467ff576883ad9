using Analytics.Http;
using Analytics.Reading;

namespace Analytics.Features.Requests;

/// <summary>An endpoint and its requests. Rates are percents, latencies milliseconds, sizes bytes.</summary>
/// <param name="Endpoint">Its key: the method and the route, or the path with its ids replaced.</param>
/// <param name="Count">Its requests, of whatever status.</param>
/// <param name="ErrorRate">Those with a status of 400 and more.</param>
/// <param name="ClientErrorRate">Those with a status of 4xx.</param>
/// <param name="ServerErrorRate">Those with a status of 5xx.</param>
/// <param name="AvgLatency">What they took on average.</param>
/// <param name="P50">The median of what they took.</param>
/// <param name="P90">Of ten requests one took longer.</param>
/// <param name="P95">Of twenty requests one took longer.</param>
/// <param name="P99">Of a hundred requests one took longer.</param>
/// <param name="Bytes">What their responses came to.</param>
/// <param name="RequestBytes">What they came to themselves.</param>
/// <param name="Customers">The distinct customers who made them.</param>
public sealed record EndpointAnswer(
    string Endpoint,
    long Count,
    ExactNumber ErrorRate,
    ExactNumber ClientErrorRate,
    ExactNumber ServerErrorRate,
    ExactNumber AvgLatency,
    ExactNumber P50,
    ExactNumber P90,
    ExactNumber P95,
    ExactNumber P99,
    ExactNumber Bytes,
    ExactNumber RequestBytes,
    long Customers)
{
    internal static EndpointAnswer Of(string endpoint, RequestTotals totals, long customers) => new(
        endpoint, totals.Count, totals.ErrorRate, totals.ClientErrorRate, totals.ServerErrorRate, totals.AverageLatency,
        totals.Percentile(50), totals.Percentile(90), totals.Percentile(95), totals.Percentile(99), totals.ResponseBytes,
        totals.RequestBytes, customers);
}
