using System.Numerics;

namespace Analytics.Sketches;

/// <summary>
/// Cuts the whole of Int128 into bins whose bounds grow by 63/62, so that one value of a bin stands for all of them
/// with a relative error of at most 0.8 %. Bounds come from an integer recurrence, not from a logarithm: a value that is
/// taken out must meet the bin it was put in, on whatever machine and mathematics library.
/// </summary>
static class LogBins
{
    /// <summary>Above this a bin holds more than one value.</summary>
    const int FirstWide = 124;

    static readonly UInt128[] Upper = Bounds();
    static readonly Int128[] Representatives = [.. Enumerable.Range(0, Upper.Length).Select(Middle)];
    static readonly ushort[] FirstBins = Shortcuts();

    /// <summary>The bin of a value: 0 for 0, negative for negative values, in the order of the values.</summary>
    public static int Of(Int128 value)
    {
        if (value >= 0)
            return OfMagnitude((UInt128)value);
        return -OfMagnitude((UInt128)(-(value + 1)) + 1);
    }

    /// <summary>The value that stands for a bin.</summary>
    public static Int128 ValueOf(int bin) => bin >= 0 ? Representatives[bin] : -Representatives[-bin];

    internal static bool Exists(long bin) => bin > -Upper.Length && bin < Upper.Length;

    static int OfMagnitude(UInt128 magnitude)
    {
        if (magnitude <= FirstWide)
            return (int)magnitude;
        int bin = FirstBins[Shortcut(magnitude)];
        while (magnitude > Upper[bin])
            bin++;
        return bin;
    }

    /// <summary>The length of the number and its six bits after the first: within one such step lie at most two bounds.</summary>
    static int Shortcut(UInt128 magnitude)
    {
        var shift = 121 - (int)UInt128.LeadingZeroCount(magnitude);
        return (shift << 6) | (int)((ulong)(magnitude >> shift) & 63);
    }

    static UInt128[] Bounds()
    {
        var end = (UInt128)1 << 127;
        var bounds = new List<UInt128> { 0 };
        while (bounds[^1] < end)
        {
            var last = bounds[^1];
            bounds.Add(last < FirstWide ? last + 1 : UInt128.Min(end, last + (last / 62)));
        }
        return [.. bounds];
    }

    /// <summary>The value that is off by the same fraction from either end: 2ab/(a+b), rounded.</summary>
    static Int128 Middle(int bin)
    {
        if (bin <= FirstWide)
            return bin;
        BigInteger first = Upper[bin - 1] + 1, last = Upper[bin], ends = first + last;
        return (Int128)(((4 * first * last) + ends) / (2 * ends));
    }

    static ushort[] Shortcuts()
    {
        var first = new ushort[122 << 6];
        for (var step = 0; step < first.Length; step++)
        {
            var least = ((UInt128)64 | (UInt128)(uint)(step & 63)) << (step >> 6);
            var found = Array.BinarySearch(Upper, least);
            first[step] = (ushort)(found >= 0 ? found : ~found);
        }
        return first;
    }
}
