using System.Text.Json;
using Analytics.Http;

namespace Analytics.Features.Business.Query;

/// <summary>Orders groups and makes rows of them.</summary>
static class QueryRows
{
    public static IReadOnlyList<IReadOnlyList<object?>> Of(AskedQuery query, QueryGroups groups)
    {
        var rows = groups.All.Select(group => RowOf(query, groups, group));
        var most = query.Limit ?? (query.Dimensions is [] ? int.MaxValue : QueryRequestRules.MostRows);
        return [.. rows.Order(OrderOf(query)).Take(most)];
    }

    static object?[] RowOf(AskedQuery query, QueryGroups groups, QueryGroup group) =>
    [
        .. query.Interval is null ? Array.Empty<object?>() : [groups.Buckets[group.Bucket].Start],
        .. group.Dimensions,
        .. query.Metrics.Select(metric => (object?)group.ShownOf(query, metric)),
    ];

    /// <summary>As asked; then by time, the largest of the first metric first, and by dimensions.</summary>
    static Comparer<object?[]> OrderOf(AskedQuery query)
    {
        var first = query.Interval is null ? 0 : 1;
        List<(int Column, bool Descends)> order =
        [
            .. query.Order is { } asked ? [asked] : Array.Empty<(int, bool)>(),
            .. query.Interval is null ? Array.Empty<(int, bool)>() : [(0, false)],
            (first + query.Dimensions.Count, true),
            .. Enumerable.Range(first, query.Dimensions.Count).Select(column => (column, false)),
        ];
        return Comparer<object?[]>.Create((one, other) =>
        {
            foreach (var (column, descends) in order)
                if (Compare(one[column], other[column], descends) is not 0 and var compared)
                    return compared;
            return 0;
        });
    }

    // What is not there comes last, however rows are ordered.
    static int Compare(object? one, object? other, bool descends) => (one, other) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => Compare(one, other) * (descends ? -1 : 1),
    };

    // Numbers before texts before truth values.
    static int Compare(object one, object other) => (one, other) switch
    {
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (ExactNumber a, ExactNumber b) => a.Units.CompareTo(b.Units),
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (JsonElement or ExactNumber, JsonElement or ExactNumber) => QueryValue.NumberOf(one).ComparedWith(QueryValue.NumberOf(other)),
        _ => RankOf(one).CompareTo(RankOf(other)),
    };

    static int RankOf(object value) => value switch
    {
        string => 1,
        bool => 2,
        _ => 0,
    };
}
