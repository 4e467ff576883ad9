namespace Analytics.Benchmarks;

/// <summary>SplitMix64: seeded, the same on every machine, some nanoseconds a number.</summary>
public sealed class Randomness(ulong seed)
{
    ulong state = seed;

    public ulong Next() => Mix(state += 0x9E37_79B9_7F4A_7C15);

    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int limit) => (int)(Fraction() * limit);

    /// <summary>0 .. limit-1 by a power law: the chance of rank k falls as 1/k.</summary>
    public int Ranked(int limit) => Math.Min(limit - 1, (int)Math.Exp(Fraction() * Math.Log(limit + 1)) - 1);

    /// <summary>Log-uniform between the two: most values small, a long tail.</summary>
    public double Skewed(double smallest, double largest) => smallest * Math.Exp(Fraction() * Math.Log(largest / smallest));

    /// <summary>Log-normal: half of the values are below the median.</summary>
    public double LogNormal(double median, double sigma) =>
        median * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - Fraction())) * Math.Cos(2 * Math.PI * Fraction()));

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
