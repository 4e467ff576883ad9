using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Verification;

/// <summary>A field's sum and how often each value is there; by bins as soon as either side of a comparison only knows bins.</summary>
sealed class ValueTally
{
    // Beyond so many different values the comparison is by bins, so that memory stays bounded.
    const int MaxValues = 10_000;

    // Of values or bins. A list, as there are very many of these and most hold a value or two.
    List<(Int128 Key, long Times)> counts = [];
    bool isBinned;
    int enough = MaxValues;

    // Least and largest value; not known once values were taken out.
    (Int128 Least, Int128 Largest) ends = (Int128.MaxValue, Int128.MinValue);
    bool areEndsKnown = true;

    public Int128 Sum { get; set; }

    public void Add(Int128 value, long times)
    {
        areEndsKnown &= times > 0;
        ends = (Int128.Min(ends.Least, value), Int128.Max(ends.Largest, value));
        Count(isBinned ? ValueBag.BinOf(value) : value, times);
    }

    /// <summary>Adds what one stored cell says.</summary>
    public void Add(FieldTotals stored)
    {
        Sum += stored.Sum;
        var bag = stored.Values;
        if (bag.IsBinned)
        {
            Bin();
            areEndsKnown &= bag.Ends is not null;
            if (bag.Ends is var (least, largest))
                ends = (Int128.Min(ends.Least, least), Int128.Max(ends.Largest, largest));
        }

        for (var at = 0; at < bag.Counts.Length; at++)
            if (bag.IsBinned)
                Count(bag.Bins[at], bag.Counts[at]);
            else
                Add(bag.Values[at], bag.Counts[at]);
    }

    /// <summary>The first value that is there more often on one side, in words.</summary>
    public (string Value, long Stored, long Counted)? FirstDifference(ValueTally counted)
    {
        if (isBinned || counted.isBinned)
        {
            Bin();
            counted.Bin();
        }

        Compact();
        counted.Compact();
        if (counts.SequenceEqual(counted.counts))
            return areEndsKnown && counted.areEndsKnown && ends != counted.ends
                ? ($"least or largest, {DecimalUnits.Format(counted.ends.Least)} to {DecimalUnits.Format(counted.ends.Largest)}", 0, 1)
                : null;
        var (stored, recount) = (counts.ToDictionary(), counted.counts.ToDictionary());
        var key = stored.Keys.Union(recount.Keys).Order().First(key => stored.GetValueOrDefault(key) != recount.GetValueOrDefault(key));
        var words = isBinned ? $"about {DecimalUnits.Format(ValueBag.ValueOf((int)key))}" : DecimalUnits.Format(key);
        return (words, stored.GetValueOrDefault(key), recount.GetValueOrDefault(key));
    }

    void Count(Int128 key, long times)
    {
        counts.Add((key, times));
        if (counts.Count < enough)
            return;
        Compact();
        if (counts.Count > MaxValues)
            Bin();
        enough = counts.Count + MaxValues;
    }

    void Bin()
    {
        if (!isBinned)
            counts = [.. counts.Select(count => ((Int128)ValueBag.BinOf(count.Key), count.Times))];
        isBinned = true;
    }

    /// <summary>Every key once, in their order, unless its times have come to nothing.</summary>
    void Compact()
    {
        counts.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        var end = 0;
        for (var at = 0; at < counts.Count; at++)
            if (end > 0 && counts[end - 1].Key == counts[at].Key)
                counts[end - 1] = (counts[at].Key, counts[end - 1].Times + counts[at].Times);
            else
                counts[end++] = counts[at];
        counts.RemoveRange(end, counts.Count - end);
        counts.RemoveAll(count => count.Times == 0);
    }
}
