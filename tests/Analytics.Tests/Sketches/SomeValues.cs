using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

/// <summary>Random values of many shapes, in units of 1e-12, the same on every run.</summary>
static class SomeValues
{
    public static readonly string[] Shapes =
        ["uniform", "lognormal", "bimodal", "constant", "cents", "negative", "mixed", "wide", "tiny", "huge"];

    public static Int128 Next(Random random, string shape) => shape switch
    {
        "uniform" => random.NextInt64(1, 1_000_000) * (Int128)1_000_000_000,
        "lognormal" => Units(Math.Exp(Normal(random) * 2)),
        "bimodal" => Units(random.Next(2) == 0 ? 0.002 + (random.NextDouble() / 1e4) : 500 + random.NextDouble()),
        "constant" => 2_500_000_000,
        "cents" => random.Next(1, 5000) * DecimalUnits.One / 100,
        "negative" => -Units(Math.Exp(Normal(random))),
        "mixed" => Units(Normal(random) * 10),
        "wide" => Units(Math.Pow(10, (random.NextDouble() * 18) - 9)),
        "tiny" => random.Next(-200, 200),
        "huge" => (random.Next(2) == 0 ? 1 : -1) * (Int128)(random.NextDouble() * 1.6e38),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    /// <summary>The shape's values without 0, which callers leave out.</summary>
    public static List<Int128> Many(Random random, string shape, int count)
    {
        var values = new List<Int128>(count);
        while (values.Count < count)
        {
            if (Next(random, shape) is var value && value != 0)
                values.Add(value);
        }
        return values;
    }

    public static ValueBag Bag(IEnumerable<Int128> values)
    {
        var bag = new ValueBag();
        foreach (var value in values)
            bag.Add(value);
        return bag;
    }

    /// <summary>percentile_cont over sorted values, in whole numbers; and the larger magnitude of the two neighbours.</summary>
    public static (Int128 Answer, Int128 Larger) PercentileOf(List<Int128> sorted, int p, int outOf)
    {
        var (rank, part) = BigInteger.DivRem((BigInteger)p * (sorted.Count - 1), outOf);
        Int128 lower = sorted[(int)rank], upper = sorted[(int)BigInteger.Min(rank + 1, sorted.Count - 1)];
        var numerator = ((BigInteger)lower * (outOf - part)) + ((BigInteger)upper * part);
        var (quotient, rest) = BigInteger.DivRem(BigInteger.Abs(numerator), outOf);
        if (rest * 2 >= outOf)
            quotient++;
        return ((Int128)(quotient * numerator.Sign), Int128.Max(Int128.Abs(lower), Int128.Abs(upper)));
    }

    static Int128 Units(double value) => (Int128)(value * 1e12);

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
