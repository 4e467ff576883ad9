using Analytics.Sketches;

namespace Analytics.Features.Business.Query;

/// <summary>Percentiles of numbers that are all known, as <see cref="Percentiles"/> makes them of a distribution.</summary>
static class ExactPercentile
{
    /// <summary>Of numbers in units of 1e-12 and how often each is there.</summary>
    public static Int128 Of(Dictionary<Int128, long> values, int percent)
    {
        var (rank, part) = Int128.DivRem((Int128)percent * (values.Values.Sum() - 1), 100);
        var (lower, upper) = At([.. values.OrderBy(value => value.Key)], (long)rank);
        return part == 0 ? lower : DecimalUnits.DivideRounded((lower * (100 - part)) + (upper * part), 100);
    }

    /// <summary>The numbers at a rank, counted from 0, and after it.</summary>
    static (Int128 Lower, Int128 Upper) At(KeyValuePair<Int128, long>[] ascending, long rank)
    {
        var (at, end) = (0, ascending[0].Value);
        while (end <= rank)
            end += ascending[++at].Value;
        return (ascending[at].Key, end > rank + 1 || at + 1 == ascending.Length ? ascending[at].Key : ascending[at + 1].Key);
    }
}
