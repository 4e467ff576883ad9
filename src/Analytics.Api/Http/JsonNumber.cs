using System.Buffers.Text;
using Analytics.Sketches;

namespace Analytics.Http;

/// <summary>Numbers as they stand in the body, well-formed by the JSON reader's word.</summary>
static class JsonNumber
{
    /// <summary>
    /// Postgres's numeric ends at 16 383 decimals and writes every one of them out again; no double needs a tenth of that.
    /// </summary>
    const int MaxDecimals = 400;
    const int SurelyFine = 18;
    const long ValueEnd = 1_000_000_000_000_000_000;
    const long FarExponent = 1_000_000_000_000;

    public static readonly Int128 MaxCounted = 1_000_000_000_000_000;

    /// <summary>Finite as a double, and not so small that writing it out fills a page.</summary>
    public static bool IsStorable(ReadOnlySpan<byte> token)
    {
        var exponentAt = token.IndexOfAny((byte)'e', (byte)'E');
        if (exponentAt < 0 && token.Length <= SurelyFine)
            return true;
        var mantissa = exponentAt < 0 ? token : token[..exponentAt];
        var exponent = 0;
        if (exponentAt >= 0 && !TryExponent(token[(exponentAt + 1)..], out exponent))
            return false;

        var point = mantissa.IndexOf((byte)'.');
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        return decimals - exponent <= MaxDecimals
            && Math.Abs(exponent) <= MaxDecimals
            && Utf8Parser.TryParse(token, out double value, out _) && double.IsFinite(value);
    }

    /// <summary>How much longer a number that can be stored gets at most, for the store writes it without an exponent.</summary>
    public static int Growth(ReadOnlySpan<byte> token)
    {
        var exponentAt = token.IndexOfAny((byte)'e', (byte)'E');
        return exponentAt >= 0 && TryExponent(token[(exponentAt + 1)..], out var exponent) ? Math.Abs(exponent) : 0;
    }

    /// <summary>An integer from 0 to 1e15, in units of 1e-12.</summary>
    public static bool TryCount(ReadOnlySpan<byte> token, out Int128 units) =>
        DecimalUnits.TryParse(token, out units)
        && !Int128.IsNegative(units) && units <= MaxCounted * DecimalUnits.One && units % DecimalUnits.One == 0;

    /// <summary>
    /// A number that is not negative, times ten to the power of <paramref name="decimals"/>. What is finer is cut off, digit by digit: no
    /// double comes between. False for a negative number and for one of more than 18 digits.
    /// </summary>
    public static bool TryScale(ReadOnlySpan<byte> token, int decimals, out long value, out bool isCut)
    {
        (value, isCut) = (0, false);
        var exponentAt = token.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? token : token[..exponentAt];
        var point = mantissa.IndexOf((byte)'.');
        // Of the digits those up to this place make the value.
        var end = (point < 0 ? mantissa.Length : point) + decimals + (exponentAt < 0 ? 0L : Exponent(token[(exponentAt + 1)..]));
        var place = 0L;
        foreach (var unit in mantissa)
        {
            if (unit is (byte)'.')
                continue;
            var digit = unit is (byte)'-' ? 0 : unit - '0';
            if (place++ >= end)
                isCut |= digit != 0;
            else if (value < ValueEnd / 10)
                value = value * 10 + digit;
            else
                return false;
        }
        for (; value != 0 && place < end; place++)
            if ((value *= 10) >= ValueEnd)
                return false;
        return token[0] != '-' || (value == 0 && !isCut);
    }

    /// <summary>An integer of 64 bits, however it is written.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> token, out long value)
    {
        if (Utf8Parser.TryParse(token, out value, out var used) && used == token.Length)
            return true;
        var isNegative = token[0] == '-';
        if (!TryScale(isNegative ? token[1..] : token, 0, out value, out var isCut) || isCut)
            return false;
        value = isNegative ? -value : value;
        return true;
    }

    // However far away, it stays a number that can be added to.
    static long Exponent(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        var exponent = 0L;
        foreach (var unit in text[(text[0] is (byte)'-' or (byte)'+' ? 1 : 0)..])
            exponent = Math.Min(FarExponent, exponent * 10 + unit - '0');
        return isNegative ? -exponent : exponent;
    }

    static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        if (text[0] == '+')
            text = text[1..];
        return Utf8Parser.TryParse(text, out exponent, out var used) && used == text.Length;
    }
}
