using Analytics.Http.OpenApi;
using Analytics.Time;

namespace Analytics.Features.Metrics;

/// <summary>The parameters of the dashboard, as sent.</summary>
public sealed record MetricsRequest
{
    /// <summary>First calendar date, <c>YYYY-MM-DD</c>.</summary>
    [Shown(IsRequired = true, Format = "date")]
    public string? StartDate { get; init; }

    /// <summary>Last calendar date, inclusive.</summary>
    [Shown(IsRequired = true, Format = "date")]
    public string? EndDate { get; init; }

    /// <summary>How to cut the range; <c>/api/metrics/limits</c> says how long it may be.</summary>
    [Shown(IsRequired = true), OneOf(typeof(Intervals), nameof(Intervals.OfCalendars))]
    public string? Interval { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>Only what belongs to these shares: what carries the id in <c>metadata.share_id</c>.</summary>
    public string[] ShareId { get; init; } = [];

    /// <summary>Only what belongs to these customers.</summary>
    [Shown(Format = "uuid")]
    public string[] CustomerId { get; init; } = [];

    /// <summary>The same by the product's own ids.</summary>
    public string[] ExternalCustomerId { get; init; } = [];

    /// <summary>The metrics to answer; all by default.</summary>
    [OneOf(typeof(MetricCatalogue), nameof(MetricCatalogue.Slugs))]
    public string?[] Metrics { get; init; } = [];

    /// <summary>Compares with as many calendar buckets before, or with the same dates a year before.</summary>
    [OneOf(typeof(MetricsQuestion), nameof(MetricsQuestion.Comparisons))]
    public string? Compare { get; init; }
}
