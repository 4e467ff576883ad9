using Analytics.Features.Business.Units;
using Analytics.Http.OpenApi;

namespace Analytics.Features.Business.Query;

/// <summary>A question made up for the occasion: metrics of events or API requests, by dimensions and time.</summary>
/// <param name="Dataset">What is asked about; events by default.</param>
/// <param name="Metrics">What is wanted, a column each.</param>
/// <param name="Events">Only events of these names; all by default. Of requests there are none.</param>
/// <param name="Dimensions">
/// What to tell apart, a column each. Of events dotted paths in the metadata, <c>name</c> and <c>customer</c> (keys of these names are
/// <c>metadata.name</c> and <c>metadata.customer</c>); of requests <c>endpoint</c>, <c>method</c>, <c>statusCode</c>, <c>latencyMs</c>,
/// <c>customer</c>, <c>productId</c>, <c>apiKeyId</c>, <c>requestSize</c> and <c>responseSize</c>.
/// </param>
/// <param name="Filters">
/// What must hold, all of them; a missing field matches only the <c>NOT_</c> operators. Fields are as dimensions.
/// </param>
/// <param name="From">An RFC 3339 instant or a date; 30 days before <c>to</c> when only that is sent.</param>
/// <param name="To">An RFC 3339 instant or a date, exclusive; now when only <c>from</c> is sent.</param>
/// <param name="Period">
/// So much up to now or today, such as <c>24h</c>, <c>30d</c>, <c>4w</c> or <c>12m</c>; not together with <c>from</c> or <c>to</c>.
/// </param>
/// <param name="Interval">Cuts the answer into calendar buckets: a column <c>timestamp</c> says when each begins.</param>
/// <param name="Timezone">An IANA time zone; the workspace's by default.</param>
/// <param name="OrderBy">A column to order rows by, with <c>-</c> in front the largest first. By time, then the largest of the first metric
/// first, by default.</param>
/// <param name="Limit">The most rows; by default 1000, or, without dimensions, all buckets.</param>
public sealed record QueryRequest(
    string? Dataset, IReadOnlyList<QueryMetric?>? Metrics,
    IReadOnlyList<string?>? Events, IReadOnlyList<string?>? Dimensions, IReadOnlyList<UnitFilter?>? Filters, string? From, string? To,
    [property: Shown(Default = BusinessTimes.DefaultPeriod)] string? Period, string? Interval, string? Timezone, string? OrderBy,
    int? Limit);

/// <summary>A number that is wanted of the facts.</summary>
/// <param name="Aggregation">How it is made: <c>count</c>, <c>sum</c>, <c>avg</c>, <c>min</c>, <c>max</c>, <c>unique</c>, or a percentile
/// <c>p1</c> to <c>p99</c>.</param>
/// <param name="Field">Of what, as dimensions are named; needed unless facts are only counted.</param>
public sealed record QueryMetric(string? Aggregation, string? Field);
