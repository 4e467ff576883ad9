using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Analytics.Sketches;

/// <summary>
/// Decimal numbers as 128-bit integers in units of 1e-12. A single value is at most 1e15, that is 1e27 units, so that
/// 1e11 of the largest can be summed before Int128 ends at 1.7e38; decimal would lose digits past 28 without a word.
/// </summary>
static class DecimalUnits
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

    /// <summary>
    /// The units of a plain decimal as Postgres writes it, of at most 12 decimals but for zeros at the end: a sum may be larger than any
    /// one number that is read.
    /// </summary>
    public static Int128 Of(string plain)
    {
        var (whole, fraction) = plain.Split('.') is [var before, var after] ? (before, after) : (plain, "");
        return Int128.Parse(whole + fraction.TrimEnd('0').PadRight(Decimals, '0'), CultureInfo.InvariantCulture);
    }

    /// <summary>The most characters a formatted number has: sign, 27 digits, point, 12 digits.</summary>
    public const int LongestText = 41;

    /// <summary>As a plain decimal without exponent or zeros at the end: "18", "0.0025", "-1.5".</summary>
    public static string Format(Int128 units)
    {
        Span<byte> text = stackalloc byte[LongestText];
        return Encoding.ASCII.GetString(text[..Format(units, text)]);
    }

    /// <summary>The same as UTF-8; gives how many bytes it took.</summary>
    public static int Format(Int128 units, Span<byte> text)
    {
        var length = 0;
        if (units < 0)
            text[length++] = (byte)'-';
        var magnitude = Magnitude(units);
        // Nearly every number fits into 64 bits, which are divided much faster.
        var (whole, rest) = magnitude <= ulong.MaxValue
            ? ((UInt128)((ulong)magnitude / (ulong)One), (ulong)magnitude % (ulong)One)
            : (magnitude / (UInt128)One, (ulong)(magnitude % (UInt128)One));
        int digits;
        _ = whole <= ulong.MaxValue
            ? Utf8Formatter.TryFormat((ulong)whole, text[length..], out digits)
            : whole.TryFormat(text[length..], out digits, provider: CultureInfo.InvariantCulture);
        length += digits;
        if (rest == 0)
            return length;
        text[length++] = (byte)'.';
        var places = Decimals;
        for (; rest % 10 == 0; places--)
            rest /= 10;
        for (var at = places - 1; at >= 0; at--, rest /= 10)
            text[length + at] = (byte)('0' + rest % 10);
        return length + places;
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
