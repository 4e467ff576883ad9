using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Metrics;

/// <summary>The parameters of the dashboard, as sent.</summary>
public sealed record MetricsRequest
{
    /// <summary>First calendar date, <c>YYYY-MM-DD</c>.</summary>
    [FromQuery(Name = "start_date")]
    public string? StartDate { get; init; }

    /// <summary>Last calendar date, inclusive.</summary>
    [FromQuery(Name = "end_date")]
    public string? EndDate { get; init; }

    /// <summary>How to cut the range; <c>/api/metrics/limits</c> says how long it may be.</summary>
    [FromQuery(Name = "interval")]
    public string? Interval { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    [FromQuery(Name = "timezone")]
    public string? Timezone { get; init; }

    /// <summary>Only what belongs to these shares: what carries the id in <c>metadata.share_id</c>.</summary>
    [FromQuery(Name = "share_id")]
    public string[] ShareId { get; init; } = [];

    /// <summary>Only what belongs to these customers.</summary>
    [FromQuery(Name = "customer_id")]
    public string[] CustomerId { get; init; } = [];

    /// <summary>The same by the product's own ids.</summary>
    [FromQuery(Name = "external_customer_id")]
    public string[] ExternalCustomerId { get; init; } = [];

    /// <summary>The metrics to answer; all by default.</summary>
    [FromQuery(Name = "metrics")]
    public string?[] Metrics { get; init; } = [];

    /// <summary>Compares with as many calendar buckets before, or with the same dates a year before.</summary>
    [FromQuery(Name = "compare")]
    public string? Compare { get; init; }
}
