using Analytics.Sketches;

namespace Analytics.Features.Business.Query;

/// <summary>Percentiles of numbers that are all known, as <see cref="Percentiles"/> makes them of a distribution.</summary>
/// <param name="values">Numbers in units of 1e-12, at least one, and how often each is there.</param>
sealed class ExactPercentiles(Dictionary<Int128, long> values)
{
    readonly KeyValuePair<Int128, long>[] ascending = [.. values.OrderBy(value => value.Key)];
    readonly long count = values.Values.Sum();

    public Int128 Of(int percent)
    {
        var (rank, part) = Int128.DivRem((Int128)percent * (count - 1), 100);
        var (lower, upper) = At((long)rank);
        return part == 0 ? lower : DecimalUnits.DivideRounded((lower * (100 - part)) + (upper * part), 100);
    }

    /// <summary>The numbers at a rank, counted from 0, and after it.</summary>
    (Int128 Lower, Int128 Upper) At(long rank)
    {
        var (at, end) = (0, ascending[0].Value);
        while (end <= rank)
            end += ascending[++at].Value;
        return (ascending[at].Key, end > rank + 1 || at + 1 == ascending.Length ? ascending[at].Key : ascending[at + 1].Key);
    }
}
