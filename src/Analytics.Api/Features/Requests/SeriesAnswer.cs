using System.Text.Json.Serialization;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>API requests over time.</summary>
/// <param name="Data">A row a bucket, empty ones too.</param>
public sealed record SeriesAnswer(IReadOnlyList<SeriesPoint> Data);

/// <summary>The requests of a calendar bucket; latencies in milliseconds. Partial when it is not over yet or cut by the range.</summary>
/// <param name="Timestamp">Its calendar start.</param>
/// <param name="Partial">Whether it is not over yet or cut by the range.</param>
/// <param name="Count">All of them, of whatever status.</param>
/// <param name="Errors">Those with a status of 400 and more.</param>
/// <param name="AvgLatency">What they took on average.</param>
/// <param name="P50">The median of what they took.</param>
/// <param name="P95">Of twenty requests one took longer.</param>
/// <param name="P99">Of a hundred requests one took longer.</param>
/// <param name="Bytes">The bytes of their responses.</param>
public sealed record SeriesPoint(
    DateTimeOffset Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial,
    long Count,
    long Errors,
    ExactNumber AvgLatency,
    ExactNumber P50,
    ExactNumber P95,
    ExactNumber P99,
    ExactNumber Bytes)
{
    internal static SeriesPoint Of(Bucket bucket, RequestTotals totals, DateTimeOffset now) => new(
        bucket.Start, bucket.IsPartial(now), totals.Count, totals.Errors, totals.AverageLatency,
        totals.Percentile(50), totals.Percentile(95), totals.Percentile(99), totals.ResponseBytes);
}
