using System.Globalization;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Sketches;

namespace Analytics.Features.Business.Alerts;

/// <summary>What is made of the facts of a key.</summary>
enum MetricKind
{
    Count,
    Sum,
    Average,
    Least,
    Largest,
    Unique,
    Percentile,
}

/// <summary>The metric of an alert's query.</summary>
/// <param name="Kind">What is made of the facts.</param>
/// <param name="Percent">Which percentile.</param>
/// <param name="Field">Of which field; null where facts are counted.</param>
sealed record WatchedMetric(MetricKind Kind, int Percent, string? Field)
{
    static readonly Int128 Hundredth = DecimalUnits.One / 100;

    public static WatchedMetric Of(QueryMetric metric) => metric.Aggregation switch
    {
        "count" => new(MetricKind.Count, 0, metric.Field),
        "sum" => new(MetricKind.Sum, 0, metric.Field),
        "avg" => new(MetricKind.Average, 0, metric.Field),
        "min" => new(MetricKind.Least, 0, metric.Field),
        "max" => new(MetricKind.Largest, 0, metric.Field),
        "unique" => new(MetricKind.Unique, 0, metric.Field),
        { } percentile => new(
            MetricKind.Percentile, int.Parse(percentile.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture), metric.Field),
        null => throw new ArgumentException("A metric has an aggregation.", nameof(metric)),
    };

    /// <summary>Whether it takes all values to say what is left when one goes.</summary>
    public bool NeedsValues => Kind is MetricKind.Least or MetricKind.Largest or MetricKind.Percentile;

    /// <summary>What it is of no facts at all; null where it is nothing.</summary>
    public Int128? OfNone => Kind is MetricKind.Count or MetricKind.Sum or MetricKind.Unique ? 0 : null;

    /// <summary>A value as it is shown: averages have two decimals.</summary>
    public ExactNumber Shown(Int128 value) =>
        new(Kind == MetricKind.Average ? DecimalUnits.DivideRounded(value, Hundredth) * Hundredth : value);
}
