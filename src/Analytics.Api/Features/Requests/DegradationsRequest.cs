using Analytics.Http;
using Analytics.Http.OpenApi;

namespace Analytics.Features.Requests;

/// <summary>When to look for degradations: the last 24 hours by default, at most 1 100 days.</summary>
public sealed record DegradationsRequest
{
    /// <summary>First instant, RFC 3339 with an offset, or a date. The hour it lies in counts as a whole.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now by default. The hour it cuts counts as a whole.</summary>
    public string? To { get; init; }

    /// <summary>Whose dates: an IANA time zone; the workspace's by default. Hours are always those of UTC.</summary>
    public string? Timezone { get; init; }
}

/// <summary>Endpoints that left their own baseline, the latest first; those of one hour by endpoint.</summary>
public sealed record Degradations(IReadOnlyList<Degradation> Data);

/// <summary>Consecutive hours in which an endpoint was worse than at the same hour of the weeks before.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Since">The first of these hours, which may be before the range.</param>
/// <param name="Measure">What it left its baseline by.</param>
/// <param name="Baseline">Of the last of these hours in the range: milliseconds, or percent of its requests.</param>
/// <param name="Current">The value of that hour.</param>
/// <param name="Factor">Current by baseline; null over a baseline of 0.</param>
public sealed record Degradation(
    string Endpoint, DateTimeOffset Since, [property: OneOf(typeof(DegradationMeasure), nameof(DegradationMeasure.Names))] string Measure,
    ExactNumber Baseline, ExactNumber Current, ExactNumber? Factor);
