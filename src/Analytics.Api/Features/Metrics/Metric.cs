using Analytics.Storage.Sales;

namespace Analytics.Features.Metrics;

/// <summary>How to show a metric: a plain number, cents, cents of which fractions matter, or a fraction 0..1.</summary>
public enum MetricType
{
    Scalar,
    Currency,
    CurrencySubCent,
    Percentage,
}

/// <summary>
/// One metric. Its total is the same formula over the whole range, so totals are ratios of sums, distinct over the range, and
/// running sums up to its end.
/// </summary>
/// <param name="Slug">What clients call it.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Type">How to show it.</param>
/// <param name="Source">What it is counted from, in words.</param>
/// <param name="Formula">How it is worked out, in words.</param>
/// <param name="Total">How its total is made, in words.</param>
/// <param name="Of">The formula: a place's value in units of 1e-12.</param>
sealed record Metric(
    string Slug, string DisplayName, MetricType Type, string Source, string Formula, string Total, Func<Place, Int128> Of)
{
    /// <summary>Other slugs it may be asked by; answers use its own.</summary>
    public string[] Aliases { get; init; } = [];
}

/// <summary>What formulas are about: a bucket, or the whole range.</summary>
/// <param name="Sums">What happened in it.</param>
/// <param name="Running">What happened since the beginning of time up to its end.</param>
/// <param name="Users">Distinct people with events in it.</param>
sealed record Place(ActivityTotals Sums, ActivityTotals Running, long Users)
{
    /// <summary>A measure's sum in this place.</summary>
    public Int128 this[SalesSum sum] => Sums[sum];
}
