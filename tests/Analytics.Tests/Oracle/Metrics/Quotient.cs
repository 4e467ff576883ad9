using System.Numerics;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Divisions of whole numbers, halves rounded away from zero; by zero they are 0.</summary>
static class Quotient
{
    static readonly BigInteger One = BigInteger.Pow(10, Units.Decimals);

    public static BigInteger Rounded(BigInteger dividend, BigInteger divisor)
    {
        if (divisor.IsZero)
            return 0;
        var (top, bottom) = (BigInteger.Abs(dividend), BigInteger.Abs(divisor));
        var size = (2 * top + bottom) / (2 * bottom);
        return dividend.Sign * divisor.Sign < 0 ? -size : size;
    }

    /// <summary>In units of 1e-12.</summary>
    public static BigInteger OfCounts(BigInteger dividend, BigInteger divisor) => Rounded(dividend * One, divisor);

    /// <summary>A whole number in units of 1e-12.</summary>
    public static BigInteger Whole(BigInteger number) => number * One;

    /// <summary>By how much something changed, as a part of what it was; null when it was nothing.</summary>
    public static BigInteger? Change(BigInteger now, BigInteger before) =>
        before.IsZero ? null : OfCounts(now - before, BigInteger.Abs(before));
}
