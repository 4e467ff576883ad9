using Analytics.Http;
using Analytics.Reading;

namespace Analytics.Features.Requests;

/// <summary>
/// Percentiles of latencies in milliseconds: they interpolate between ranks, exact of up to 100 requests and within 1 % beyond; 0 of none.
/// </summary>
/// <param name="P50">The median.</param>
/// <param name="P90">Of ten requests one took longer.</param>
/// <param name="P95">Of twenty requests one took longer.</param>
/// <param name="P99">Of a hundred requests one took longer.</param>
public sealed record LatencyPercentiles(ExactNumber P50, ExactNumber P90, ExactNumber P95, ExactNumber P99)
{
    internal static LatencyPercentiles Of(RequestTotals totals) =>
        new(totals.Percentile(50), totals.Percentile(90), totals.Percentile(95), totals.Percentile(99));
}
