using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Sketches;

namespace Analytics.Http;

/// <summary>An exact number of up to 12 decimals: every digit is there, no exponent, no zeros at the end.</summary>
/// <remarks>In units of 1e-12.</remarks>
[JsonConverter(typeof(ExactNumberConverter))]
public readonly record struct ExactNumber(Int128 Units)
{
    static readonly Int128 Hundredth = DecimalUnits.One / 100;

    /// <summary>A whole number.</summary>
    public static ExactNumber Of(Int128 number) => new(number * DecimalUnits.One);

    /// <summary>A quotient with two decimals, rounded once, half away from zero; 0 of a division by nothing.</summary>
    public static ExactNumber Quotient(Int128 dividend, Int128 divisor) => divisor == 0
        ? default
        : new(DecimalUnits.DivideRounded(dividend * 100, divisor) * Hundredth);

    /// <summary>A part of a whole in percent, with two decimals; 0 of nothing.</summary>
    public static ExactNumber Percent(Int128 part, Int128 whole) => Int128.Abs(part) < Int128.MaxValue / 20_000
        ? Quotient(part * 100, whole)
        : Quotient(part / DecimalUnits.One * 100, whole / DecimalUnits.One);

    /// <summary>A time of so many microseconds, in milliseconds.</summary>
    public static ExactNumber Milliseconds(long microseconds) => new(microseconds * (DecimalUnits.One / 1_000));

    public void WriteTo(Utf8JsonWriter writer)
    {
        Span<byte> text = stackalloc byte[DecimalUnits.LongestText];
        writer.WriteRawValue(text[..DecimalUnits.Format(Units, text)], skipInputValidation: true);
    }
}

/// <summary>Reads and writes exact numbers as JSON numbers.</summary>
sealed class ExactNumberConverter : JsonConverter<ExactNumber>
{
    public override ExactNumber Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && DecimalUnits.TryParse(reader.ValueSpan, out var units)
            ? new(units)
            : throw new JsonException("A number of at most 12 decimals.");

    public override void Write(Utf8JsonWriter writer, ExactNumber value, JsonSerializerOptions options) => value.WriteTo(writer);
}
