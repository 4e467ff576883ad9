using System.Globalization;
using System.Numerics;

namespace Analytics.Sketches;

/// <summary>
/// Decimal numbers as 128-bit integers in units of 1e-12. A single value is at most 1e15, that is 1e27 units, so that
/// 1e11 of the largest can be summed before Int128 ends at 1.7e38; decimal would lose digits past 28 without a word.
/// </summary>
public static class DecimalUnits
{
    public const int Decimals = 12;

    /// <summary>How many units make 1.</summary>
    public static readonly Int128 One = 1_000_000_000_000;

    static readonly Int128 Largest = (Int128)PowersOfTen.All[15 + Decimals];
    static readonly Int128 AmountEnd = (Int128)PowersOfTen.All[9 + Decimals];

    /// <summary>
    /// Reads a number in JSON's grammar, exponents included. False for anything else, beyond 1e15 either way, or with
    /// more than 12 decimals (zeros at the end do not count): such a number is stored but never aggregated.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Int128 units)
    {
        units = 0;
        return DecimalText.TryRead(text, out var number) && TryScale(number, out units) && units >= -Largest && units <= Largest;
    }

    /// <summary>Reads an amount of money: as <see cref="TryParse"/>, and below 1e9 either way.</summary>
    public static bool TryParseAmount(ReadOnlySpan<byte> text, out Int128 units) =>
        TryParse(text, out units) && units > -AmountEnd && units < AmountEnd;

    /// <summary>As a plain decimal without exponent or zeros at the end: "18", "0.0025", "-1.5".</summary>
    public static string Format(Int128 units)
    {
        var (whole, rest) = UInt128.DivRem(Magnitude(units), (UInt128)One);
        var sign = units < 0 ? "-" : "";
        if (rest == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}");
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{(ulong)rest:D12}").TrimEnd('0');
    }

    /// <summary>A sum's share per count, in units, rounded half away from zero; 0 when there is nothing to divide by.</summary>
    public static Int128 Divide(Int128 sum, long count) => count == 0 ? 0 : DivideRounded(sum, count);

    /// <summary>What one amount is of another (both in units), as units rounded half away from zero; 0 when the other is 0.</summary>
    public static Int128 Ratio(Int128 part, Int128 whole)
    {
        if (whole == 0)
            return 0;
        var room = Int128.MaxValue / One;
        if (part > -room && part < room)
            return DivideRounded(part * One, whole);
        var (quotient, rest) = BigInteger.DivRem((BigInteger)part * (BigInteger)One, whole);
        if (BigInteger.Abs(rest) * 2 >= BigInteger.Abs(whole))
            quotient += Int128.IsNegative(part) == Int128.IsNegative(whole) ? 1 : -1;
        return (Int128)quotient;
    }

    internal static Int128 DivideRounded(Int128 dividend, Int128 divisor)
    {
        var (quotient, rest) = Int128.DivRem(dividend, divisor);
        var magnitude = Magnitude(divisor);
        var missing = Magnitude(rest);
        if (missing < magnitude - missing)
            return quotient;
        return quotient + (Int128.IsNegative(dividend) == Int128.IsNegative(divisor) ? 1 : -1);
    }

    static bool TryScale(DecimalText number, out Int128 units)
    {
        units = 0;
        if (number.Digits == 0)
            return true;
        var power = number.Exponent + Decimals;
        if (power < 0 || power > 15 + Decimals || number.Digits > (UInt128)Largest / PowersOfTen.All[power])
            return false;
        units = (Int128)(number.Digits * PowersOfTen.All[power]);
        if (number.IsNegative)
            units = -units;
        return true;
    }

    static UInt128 Magnitude(Int128 value) => value < 0 ? unchecked((UInt128)(-value)) : (UInt128)value;
}
