namespace Analytics.Features.Business.Query;

/// <summary>The columns of a question's answer: the time of buckets, dimensions, metrics.</summary>
static class QueryColumns
{
    public static IReadOnlyList<string> Of(QueryRequest query) =>
    [
        .. query.Interval is null ? Array.Empty<string>() : [QueryFields.Timestamp],
        .. query.Dimensions?.OfType<string>() ?? [],
        .. query.Metrics?.OfType<QueryMetric>().Where(IsSound).Select(metric => AskedMetric.Of(metric).Column) ?? [],
    ];

    /// <summary>The column that rows are ordered by, and whether its largest values come first; null when there is none.</summary>
    public static (int Column, bool Descends)? Find(QueryRequest query, string orderBy)
    {
        var columns = Of(query).ToList();
        if (columns.IndexOf(orderBy) is >= 0 and var ascending)
            return (ascending, false);
        return orderBy is ['-', .. var name] && columns.IndexOf(name) is >= 0 and var descending ? (descending, true) : null;
    }

    /// <summary>Whether every metric says what its column is.</summary>
    public static bool AreKnown(QueryRequest query) =>
        query.Metrics is { Count: > 0 } metrics && metrics.All(metric => metric is not null && IsSound(metric));

    static bool IsSound(QueryMetric metric) => metric.Aggregation is { } word && AskedMetric.IsAggregation(word);
}
