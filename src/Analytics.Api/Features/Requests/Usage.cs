using System.Numerics;
using Analytics.Http;
using Analytics.Reading;

namespace Analytics.Features.Requests;

/// <summary>What a person used: requests, and costs in units of 1e-12 cents.</summary>
sealed record Usage(int Person, RequestTotals Totals, Int128 Cost);

/// <summary>Everybody's usage, in the order of most requests, and each one's share of it. Names decide between equals.</summary>
sealed class Usages
{
    readonly ILookup<long, Usage> byCount;
    readonly Dictionary<long, Int128> above = [];

    // Of a count the names of those who have it, in order: thousands may have made one request each.
    readonly Dictionary<long, string[]> ordered = [];
    readonly Int128 costs;

    /// <param name="all">Who made requests.</param>
    /// <param name="costs">What everybody cost, whether they made requests or not.</param>
    public Usages(IReadOnlyCollection<Usage> all, Int128 costs)
    {
        (All, this.costs) = (all, costs);
        byCount = all.ToLookup(usage => usage.Totals.Count);
        foreach (var group in byCount.OrderByDescending(group => group.Key))
        {
            above.Add(group.Key, Requests);
            Requests += (Int128)group.Key * group.Count();
        }
    }

    public IReadOnlyCollection<Usage> All { get; }

    /// <summary>How many requests there are.</summary>
    public Int128 Requests { get; }

    /// <summary>Those with as many requests as any of some: their names say who comes first.</summary>
    public IEnumerable<Usage> EqualTo(IEnumerable<Usage> some) =>
        some.Select(usage => usage.Totals.Count).Distinct().SelectMany(count => byCount[count]);

    public ExactNumber ShareOf(Usage usage) => ExactNumber.Percent(usage.Totals.Count, Requests);

    public ExactNumber CostShareOf(Usage usage) => PercentOf(usage.Cost, costs);

    public CustomerUsage Row(Usage usage, IReadOnlyDictionary<int, string> names) => new(
        names[usage.Person], usage.Totals.Count, usage.Totals.ResponseBytes, usage.Totals.RequestBytes, usage.Totals.ErrorRate,
        usage.Totals.AverageLatency, ShareOf(usage), CumulativeShareOf(usage, names), new(usage.Cost), CostShareOf(usage));

    public ExactNumber CumulativeShareOf(Usage usage, IReadOnlyDictionary<int, string> names)
    {
        var count = usage.Totals.Count;
        if (!ordered.TryGetValue(count, out var equal))
        {
            ordered.Add(count, equal = [.. byCount[count].Select(other => names[other.Person])]);
            Array.Sort(equal, string.CompareOrdinal);
        }

        return ExactNumber.Percent(above[count] + ((Int128)count * UpTo(equal, names[usage.Person])), Requests);
    }

    // How many names are not behind one of them.
    static int UpTo(string[] names, string name)
    {
        var at = Array.BinarySearch(names, name, StringComparer.Ordinal);
        while (at + 1 < names.Length && names[at + 1] == name)
            at++;
        return at + 1;
    }

    // Costs have so many digits that a hundred of them may not have room.
    static ExactNumber PercentOf(Int128 part, Int128 whole)
    {
        if (whole == 0)
            return default;
        var (wide, divisor) = (BigInteger.Abs(part) * 10_000, BigInteger.Abs(whole));
        var hundredths = (Int128)(((wide * 2) + divisor) / (divisor * 2));
        return ExactNumber.Quotient(Int128.Sign(part) * Int128.Sign(whole) * hundredths, 100);
    }
}
