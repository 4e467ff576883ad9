using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>Adds up cells by the values that they have under the question's dimensions.</summary>
sealed class PlannedGroups(AskedQuery query, WordValues[] words)
{
    readonly Dictionary<string, Sums> groups = new(StringComparer.Ordinal);
    readonly WordValues[] dimensions = [.. query.Dimensions.Select(dimension => Array.Find(words, word => word.Word == dimension)!)];

    // By the places of the question's fields; null for those that are numbers.
    readonly WordValues?[] counted = [.. query.Fields.Select(field => Array.Find(words, word => word.Word == field))];

    /// <summary>The facts of a bucket and the same dimensions; of fields that are words who and what they name.</summary>
    sealed class Sums(int bucket, object?[] dimensions, int fields)
    {
        public int Bucket => bucket;
        public object?[] Dimensions => dimensions;
        public Cell Cell { get; } = new();
        public long[] Present { get; } = new long[fields];
        public HashSet<object>[] Distinct { get; } = [.. Enumerable.Range(0, fields).Select(_ => new HashSet<object>())];
    }

    /// <summary>Adds a cell, unless a filter keeps it out.</summary>
    public void Add(PlannedKey key, Cell cell)
    {
        // What was counted and taken back is nothing.
        if (cell[0] == 0 || !Array.TrueForAll(words, word => word.Passes(key[word.Place])))
            return;
        var sums = Of(key.Bucket, [.. dimensions.Select(word => word.Of(key[word.Place]))]);
        sums.Cell.Merge(cell);
        for (var field = 0; field < counted.Length; field++)
            if (counted[field] is { } word && word.Of(key[word.Place]) is { } value)
            {
                sums.Present[field] += (long)cell[0];
                sums.Distinct[field].Add(value);
            }
    }

    /// <summary>Without dimensions one of every bucket.</summary>
    public IReadOnlyList<QueryGroup> All(int buckets)
    {
        if (query.Dimensions is [])
            for (var bucket = 0; bucket < buckets; bucket++)
                Of(bucket, []);
        return [.. groups.Values.Select(sums => new QueryGroup(
            sums.Bucket, sums.Dimensions, [.. query.Fields.Select((field, at) => TotalOf(field, at, sums))])
            {
                Facts = (long)sums.Cell[0],
            })];
    }

    Sums Of(int bucket, object?[] values)
    {
        var key = string.Join('\0', [bucket, .. values.Select(value => value is string text ? "t" + text : value)]);
        if (!groups.TryGetValue(key, out var sums))
            groups.Add(key, sums = new(bucket, values, query.Fields.Count));
        return sums;
    }

    FieldTotal TotalOf(string field, int at, Sums sums)
    {
        if (counted[at] is not null)
            return new() { Present = sums.Present[at], DistinctCount = sums.Distinct[at].Count };
        return query.Dataset == QueryDataset.Events
            ? new() { Sum = sums.Cell.OwnCost }
            : TotalOf(field, new RequestTotals { Cell = sums.Cell });
    }

    static FieldTotal TotalOf(string field, RequestTotals totals)
    {
        var measured = totals.Measured;
        return field switch
        {
            QueryFields.Latency => new()
            {
                Present = measured, Numbers = measured, Sum = totals.Cell[RequestFacts.Latency],
                Least = measured == 0 ? null : totals.Shortest.Units, Largest = measured == 0 ? null : totals.Longest.Units,
                Distribution = percent => measured == 0 ? null : totals.Percentile(percent).Units,
            },
            QueryFields.RequestSize => Sizes(totals.RequestBytes),
            _ => Sizes(totals.ResponseBytes),
        };

        FieldTotal Sizes(ExactNumber bytes) => new() { Present = measured, Numbers = measured, Sum = bytes.Units };
    }
}
