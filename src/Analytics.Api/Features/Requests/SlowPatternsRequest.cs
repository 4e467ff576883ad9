using Analytics.Http;

namespace Analytics.Features.Requests;

/// <summary>Where to look for hours that are slow again and again; at most 31 days.</summary>
public sealed record SlowPatternsRequest
{
    /// <summary>First instant, RFC 3339 with an offset, or a date. Without <c>from</c> and <c>to</c>: today and 13 days before.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now by default.</summary>
    public string? To { get; init; }

    /// <summary>Whose days and hours: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }
}

/// <summary>Hours of the day that are slow again and again; those with most slow days, 100 at most.</summary>
public sealed record SlowPatterns(IReadOnlyList<SlowPattern> Data);

/// <summary>An hour of the day at which an endpoint is slow.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Weekday">1, Monday, to 7 when all slow days are the same one: only those days count then.</param>
/// <param name="Days">Days that count, with requests in the hour.</param>
/// <param name="SlowDays">Those of them on which the p95 of the hour is over a second.</param>
/// <param name="P95">Milliseconds, of the hour on the days that count.</param>
/// <param name="P95Otherwise">The same of the endpoint's other requests in the range; 0 without any.</param>
public sealed record SlowPattern(
    string Endpoint, int Hour, int? Weekday, int Days, int SlowDays, ExactNumber P95, ExactNumber P95Otherwise);
