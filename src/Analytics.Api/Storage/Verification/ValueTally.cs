using Analytics.Sketches;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>A field's sum and how often each value is there; by bins as soon as either side of a comparison only knows bins.</summary>
sealed class ValueTally
{
    // Beyond so many different values the comparison is by bins, so that memory stays bounded.
    const int MostValues = 10_000;

    readonly Dictionary<Int128, long> values = [];
    readonly Dictionary<int, long> bins = [];
    bool isBinned;

    public Int128 Sum { get; set; }

    public void Add(Int128 value, long times)
    {
        if (isBinned)
            Count(bins, ValueBag.BinOf(value), times);
        else if (Count(values, value, times) > MostValues)
            TurnToBins();
    }

    /// <summary>Adds what one stored cell says.</summary>
    public void Add(FieldTotals stored)
    {
        Sum += stored.Sum;
        var bag = stored.Values;
        if (bag.IsBinned)
            TurnToBins();
        for (var at = 0; at < bag.Counts.Length; at++)
            if (bag.IsBinned)
                Count(bins, bag.Bins[at], bag.Counts[at]);
            else
                Add(bag.Values[at], bag.Counts[at]);
    }

    /// <summary>The first value that is there more often on one side, in words.</summary>
    public (string Value, long Stored, long Counted)? FirstDifference(ValueTally counted)
    {
        if (!isBinned && !counted.isBinned)
            return First(values, counted.values) is { } value ? (DecimalUnits.Format(value.Key), value.Stored, value.Counted) : null;
        TurnToBins();
        counted.TurnToBins();
        return First(bins, counted.bins) is { } bin
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

    static int Count<TKey>(Dictionary<TKey, long> counts, TKey key, long times)
        where TKey : struct
    {
        counts[key] = counts.GetValueOrDefault(key) + times;
        return counts.Count;
    }

    void TurnToBins()
    {
        foreach (var (value, times) in values)
            Count(bins, ValueBag.BinOf(value), times);
        values.Clear();
        isBinned = true;
    }
}
