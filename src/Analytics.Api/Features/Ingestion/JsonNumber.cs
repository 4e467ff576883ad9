using System.Buffers.Text;
using Analytics.Sketches;

namespace Analytics.Features.Ingestion;

/// <summary>Numbers as they stand in the body, well-formed by the JSON reader's word.</summary>
static class JsonNumber
{
    /// <summary>
    /// Postgres's numeric ends at 16 383 decimals and writes every one of them out again; no double needs a tenth of that.
    /// </summary>
    const int MaxDecimals = 400;
    const int SurelyFine = 18;

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

    /// <summary>An integer from 0 to 1e15, in units of 1e-12.</summary>
    public static bool TryCount(ReadOnlySpan<byte> token, out Int128 units) =>
        DecimalUnits.TryParse(token, out units)
        && !Int128.IsNegative(units) && units <= MaxCounted * DecimalUnits.One && units % DecimalUnits.One == 0;

    static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        if (text[0] == '+')
            text = text[1..];
        return Utf8Parser.TryParse(text, out exponent, out var used) && used == text.Length;
    }
}
