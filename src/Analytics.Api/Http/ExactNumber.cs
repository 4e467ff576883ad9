using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Sketches;

namespace Analytics.Http;

/// <summary>An exact number of up to 12 decimals: every digit is there, no exponent, no zeros at the end.</summary>
/// <remarks>In units of 1e-12.</remarks>
[JsonConverter(typeof(ExactNumberConverter))]
public readonly record struct ExactNumber(Int128 Units)
{
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
