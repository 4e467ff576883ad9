using Analytics.Sketches;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>A field's sum and how often each value is there; by bins as soon as either side of a comparison only knows bins.</summary>
sealed class ValueTally
{
    // Beyond so many different values the comparison is by bins, so that memory stays bounded.
    const int MaxValues = 10_000;

    // A list, as there are very many of these and most hold a value or two.
    List<(Int128 Value, long Times)> values = [];
    Dictionary<int, long>? bins;
    int enough = MaxValues;

    public Int128 Sum { get; set; }

    public void Add(Int128 value, long times)
    {
        if (bins is not null)
        {
            Count(bins, ValueBag.BinOf(value), times);
            return;
        }

        values.Add((value, times));
        if (values.Count < enough)
            return;
        values = [.. Counts().Select(count => (count.Key, count.Value))];
        enough = values.Count + MaxValues;
        if (values.Count > MaxValues)
            Bins();
    }

    /// <summary>Adds what one stored cell says.</summary>
    public void Add(FieldTotals stored)
    {
        Sum += stored.Sum;
        var bag = stored.Values;
        for (var at = 0; at < bag.Counts.Length; at++)
            if (bag.IsBinned)
                Count(Bins(), bag.Bins[at], bag.Counts[at]);
            else
                Add(bag.Values[at], bag.Counts[at]);
    }

    /// <summary>The first value that is there more often on one side, in words.</summary>
    public (string Value, long Stored, long Counted)? FirstDifference(ValueTally counted)
    {
        if (bins is null && counted.bins is null && values.SequenceEqual(counted.values))
            return null;
        if (bins is null && counted.bins is null)
            return First(Counts(), counted.Counts()) is { } value ? (DecimalUnits.Format(value.Key), value.Stored, value.Counted) : null;
        return First(Bins(), counted.Bins()) is { } bin
            ? ($"about {DecimalUnits.Format(ValueBag.ValueOf(bin.Key))}", bin.Stored, bin.Counted)
            : null;
    }

    static (TKey Key, long Stored, long Counted)? First<TKey>(Dictionary<TKey, long> stored, Dictionary<TKey, long> counted)
        where TKey : struct
    {
        foreach (var key in stored.Keys.Union(counted.Keys).Order())
            if (stored.GetValueOrDefault(key) != counted.GetValueOrDefault(key))
                return (key, stored.GetValueOrDefault(key), counted.GetValueOrDefault(key));
        return null;
    }

    static void Count<TKey>(Dictionary<TKey, long> counts, TKey key, long times)
        where TKey : struct => counts[key] = counts.GetValueOrDefault(key) + times;

    Dictionary<Int128, long> Counts()
    {
        var counts = new Dictionary<Int128, long>();
        foreach (var (value, times) in values)
            Count(counts, value, times);
        return counts;
    }

    Dictionary<int, long> Bins()
    {
        if (bins is not null)
            return bins;
        bins = [];
        foreach (var (value, times) in values)
            Count(bins, ValueBag.BinOf(value), times);
        values = [];
        return bins;
    }
}
