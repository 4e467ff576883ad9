using Analytics.Http;

namespace Analytics.Features.Requests;

/// <summary>
/// How long requests took, in milliseconds. Percentiles interpolate between ranks, exact of up to 100 requests and within 1 % beyond; all
/// are 0 where there are no requests.
/// </summary>
/// <param name="P50">The median.</param>
/// <param name="P90">Of ten requests one took longer.</param>
/// <param name="P95">Of twenty requests one took longer.</param>
/// <param name="P99">Of a hundred requests one took longer.</param>
/// <param name="Count">The requests.</param>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
/// <param name="Avg">The average.</param>
/// <param name="StatusCodes">How many had which status code.</param>
public sealed record LatencyAnswer(
    ExactNumber P50,
    ExactNumber P90,
    ExactNumber P95,
    ExactNumber P99,
    long Count,
    ExactNumber Min,
    ExactNumber Max,
    ExactNumber Avg,
    IReadOnlyDictionary<string, long> StatusCodes);
