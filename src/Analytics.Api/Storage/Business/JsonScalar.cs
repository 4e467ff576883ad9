using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Analytics.Sketches;

namespace Analytics.Storage.Business;

/// <summary>
/// A value of metadata as filters and distinct counts take it: a text, a number, or a truth value. Numbers are equal by value, whatever
/// their digits, and never to a text.
/// </summary>
readonly ref struct JsonScalar
{
    readonly ReadOnlySpan<byte> json;

    /// <param name="json">The raw JSON; empty for a missing value.</param>
    public JsonScalar(ReadOnlySpan<byte> json) => this.json = json;

    public bool IsText => json.Length > 0 && json[0] == '"';

    public bool IsNumber => json.Length > 0 && json[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    public bool IsTruth => json.Length > 0 && json[0] is (byte)'t' or (byte)'f';

    public bool IsTrue => json[0] == 't';

    /// <summary>The text's characters in UTF-8; it is a text.</summary>
    public ReadOnlySpan<byte> Text
    {
        get
        {
            var inside = json[1..^1];
            if (!inside.Contains((byte)'\\'))
                return inside;
            var reader = new Utf8JsonReader(json);
            reader.Read();
            var text = new byte[inside.Length];
            return text.AsSpan(0, reader.CopyString(text));
        }
    }

    /// <summary>The number; it is one.</summary>
    public ExactDecimal Number => ExactDecimal.Of(json);

    /// <summary>
    /// The value as a text that no other value has: what a distinct count tells values apart by. Null for what is no such value.
    /// </summary>
    public byte[]? Distinct() => IsText ? [(byte)'t', .. Text]
        : IsNumber ? Encoding.UTF8.GetBytes("n" + Number)
        : IsTruth ? [(byte)'b', json[0]]
        : null;
}

/// <summary>A decimal of any size, as JSON writes it. Those that can be counted are compared as units of 1e-12.</summary>
readonly struct ExactDecimal
{
    readonly Int128? units;

    // Of one that is too large or too fine for units.
    readonly BigInteger digits;
    readonly int exponent;

    ExactDecimal(Int128 units) => this.units = units;

    ExactDecimal(BigInteger digits, int exponent) => (this.digits, this.exponent) = (digits, exponent);

    /// <summary>Reads a JSON number.</summary>
    public static ExactDecimal Of(ReadOnlySpan<byte> json)
    {
        if (DecimalUnits.TryParse(json, out var counted))
            return new(counted);
        var text = Encoding.ASCII.GetString(json);
        var end = text.IndexOfAny(['e', 'E']) is >= 0 and var at ? at : text.Length;
        var power = end == text.Length ? 0 : int.Parse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var mantissa = BigInteger.Parse(text[..end].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        power -= point < 0 ? 0 : end - point - 1;
        for (; !mantissa.IsZero && mantissa % 10 == 0; power++)
            mantissa /= 10;
        return new(mantissa, power);
    }

    public int ComparedWith(ExactDecimal other)
    {
        if (units is { } mine && other.units is { } theirs)
            return mine.CompareTo(theirs);
        var (one, two) = (Whole(), other.Whole());
        if (one.Digits.Sign != two.Digits.Sign || one.Digits.IsZero)
            return one.Digits.Sign.CompareTo(two.Digits.Sign);
        // Of numbers of very different sizes nothing is written out: that of 1e100000 takes long.
        if (Math.Abs(SizeOf(one) - SizeOf(two)) > 2)
            return SizeOf(one).CompareTo(SizeOf(two)) * one.Digits.Sign;
        var common = Math.Min(one.Exponent, two.Exponent);
        return (one.Digits * BigInteger.Pow(10, one.Exponent - common)).CompareTo(two.Digits * BigInteger.Pow(10, two.Exponent - common));
    }

    public override string ToString() => units is { } counted
        ? DecimalUnits.Format(counted)
        : string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}");

    /// <summary>All digits, without an exponent.</summary>
    public string Plain()
    {
        if (units is { } counted)
            return DecimalUnits.Format(counted);
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture);
        text = exponent >= 0
            ? text + new string('0', exponent)
            : text.PadLeft(1 - exponent, '0').Insert(Math.Max(1, text.Length + exponent), ".");
        return digits.Sign < 0 ? "-" + text : text;
    }

    // About how many digits stand before the point.
    static double SizeOf((BigInteger Digits, int Exponent) number) =>
        BigInteger.Log10(BigInteger.Abs(number.Digits)) + number.Exponent;

    (BigInteger Digits, int Exponent) Whole() => units is { } counted ? (counted, -DecimalUnits.Decimals) : (digits, exponent);
}
