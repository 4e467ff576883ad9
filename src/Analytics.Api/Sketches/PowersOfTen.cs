using System.Numerics;

namespace Analytics.Sketches;

/// <summary>Powers of ten up to the largest that 128 bits hold, and how many of them divide a number.</summary>
static class PowersOfTen
{
    public static readonly UInt128[] All = Powers();

    static readonly ulong[] Small = [.. All.Take(20).Select(power => (ulong)power)];

    /// <summary>How many decimal zeros a number ends in, at most <paramref name="most"/>, itself at most 15; 0 has them all.</summary>
    public static int TrailingZeros(Int128 value, int most)
    {
        if (value == 0)
            return most;
        if ((Int128)(long)value == value)
            return Math.Min(most, TrailingZeros((long)value));
        var (quotient, rest) = Int128.DivRem(value, (Int128)All[15]);
        return rest == 0 && quotient != 0 ? most : Math.Min(most, TrailingZeros((long)rest));
    }

    static int TrailingZeros(long value)
    {
        // A power of ten divides only what the same power of two divides: most questions end here.
        var twos = BitOperations.TrailingZeroCount(value);
        var zeros = 0;
        for (var step = 8; step > 0; step >>= 1)
        {
            if (zeros + step <= twos && value % (long)Small[zeros + step] == 0)
                zeros += step;
        }
        return zeros;
    }

    static UInt128[] Powers()
    {
        var powers = new UInt128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
