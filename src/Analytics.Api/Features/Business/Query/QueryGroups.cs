using Analytics.Http;
using Analytics.Sketches;

namespace Analytics.Features.Business.Query;

/// <summary>What facts of one bucket and the same dimensions come to.</summary>
/// <param name="Bucket">The place of their bucket; 0 where the time is not cut.</param>
/// <param name="Dimensions">Their values, each a text, a number, a truth value or null.</param>
/// <param name="Fields">In the order of the question's fields.</param>
sealed record QueryGroup(int Bucket, IReadOnlyList<object?> Dimensions, FieldTotal[] Fields)
{
    static readonly Int128 Hundredth = DecimalUnits.One / 100;

    /// <summary>How many facts there are.</summary>
    public long Facts { get; set; }

    /// <summary>A metric's number, not rounded but to 12 decimals; null of nothing, where nothing has no number.</summary>
    public ExactNumber? ValueOf(AskedQuery query, AskedMetric metric) => ValueOf(query, metric, 1);

    /// <summary>The same as it is answered: averages have two decimals.</summary>
    public ExactNumber? ShownOf(AskedQuery query, AskedMetric metric) => ValueOf(query, metric, Hundredth);

    ExactNumber? ValueOf(AskedQuery query, AskedMetric metric, Int128 finest)
    {
        if (metric.Field is null)
            return ExactNumber.Of(Facts);
        var total = Fields[query.PlaceOf(metric.Field)];
        return metric.Kind switch
        {
            MetricKind.Count => ExactNumber.Of(total.Present),
            MetricKind.Unique => ExactNumber.Of(total.Distinct),
            MetricKind.Sum => new(total.Sum),
            MetricKind.Average => total.Numbers == 0 ? null : new(DecimalUnits.DivideRounded(total.Sum, total.Numbers * finest) * finest),
            MetricKind.Least => Number(total.Least),
            MetricKind.Largest => Number(total.Largest),
            _ => Number(total.Percentile(metric.Percent)),
        };
    }

    static ExactNumber? Number(Int128? units) => units is { } known ? new(known) : null;
}

/// <summary>
/// The groups that a question tells apart. Without dimensions there is one of every bucket, with dimensions those that have facts.
/// </summary>
/// <param name="Buckets">The time they are cut by.</param>
/// <param name="All">In no order.</param>
/// <param name="ScannedFrom">Since when everything is counted, where the time did not suffice for all; null where it did.</param>
sealed record QueryGroups(IReadOnlyList<Time.Bucket> Buckets, IReadOnlyList<QueryGroup> All, DateTimeOffset? ScannedFrom);
