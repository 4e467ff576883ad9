using System.Text.Json.Serialization;
using Analytics.Http;
using Analytics.Reading;

namespace Analytics.Features.Requests;

/// <summary>A day of API requests. Rates and shares are percents, latencies milliseconds.</summary>
/// <param name="TotalRequests">All of them, of whatever status.</param>
/// <param name="ErrorRate">Those with a status of 400 and more.</param>
/// <param name="ClientErrorRate">Those with a status of 4xx.</param>
/// <param name="ServerErrorRate">Those with a status of 5xx.</param>
/// <param name="AvgLatency">What they took on average.</param>
/// <param name="Latency">What they took.</param>
/// <param name="StatusBreakdown">How many had which sort of status.</param>
/// <param name="TopEndpoints">The ten with the most requests.</param>
/// <param name="TopCustomers">The ten with the most requests.</param>
/// <param name="RealtimeRPS">Requests of the last 60 seconds, a second; whatever the date.</param>
public sealed record DashboardAnswer(
    long TotalRequests,
    ExactNumber ErrorRate,
    ExactNumber ClientErrorRate,
    ExactNumber ServerErrorRate,
    ExactNumber AvgLatency,
    LatencyPercentiles Latency,
    StatusBreakdown StatusBreakdown,
    IReadOnlyList<TopEndpoint> TopEndpoints,
    IReadOnlyList<TopCustomer> TopCustomers,
    ExactNumber RealtimeRPS);

/// <summary>How many requests had which sort of status; 1xx is none of them.</summary>
public sealed record StatusBreakdown(
    [property: JsonPropertyName("2xx")] long Successes,
    [property: JsonPropertyName("3xx")] long Redirections,
    [property: JsonPropertyName("4xx")] long ClientErrors,
    [property: JsonPropertyName("5xx")] long ServerErrors)
{
    internal static StatusBreakdown Of(IReadOnlyDictionary<int, RequestTotals> statuses)
    {
        long Those(int hundreds) => statuses.Where(status => status.Key / 100 == hundreds).Sum(status => status.Value.Count);
        return new(Those(2), Those(3), Those(4), Those(5));
    }
}

/// <summary>An endpoint with many requests.</summary>
public sealed record TopEndpoint(string Endpoint, long Count, ExactNumber AvgLatency, ExactNumber ErrorRate, ExactNumber P99);

/// <summary>A customer with many requests.</summary>
/// <param name="CustomerId">The external id, else the id; <c>anonymous</c> for requests of nobody.</param>
/// <param name="Count">Its requests.</param>
/// <param name="TotalBytes">The bytes of its responses.</param>
/// <param name="SharePercent">Its part of all requests of the day.</param>
public sealed record TopCustomer(string CustomerId, long Count, ExactNumber TotalBytes, ExactNumber SharePercent);
