using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Sketches;

namespace Analytics.Http;

/// <summary>Exact numbers under names, as decimal strings of up to 12 decimals.</summary>
/// <remarks>In units of 1e-12. Answers with thousands of them share the names and keep no dictionaries.</remarks>
/// <param name="Names">The members' names.</param>
/// <param name="Amounts">Their values, in the names' order.</param>
[JsonConverter(typeof(NamedDecimalsConverter))]
public readonly record struct NamedDecimals(string[] Names, ReadOnlyMemory<Int128> Amounts);

/// <summary>Writes named decimals as an object of strings; nothing reads them.</summary>
sealed class NamedDecimalsConverter : JsonConverter<NamedDecimals>
{
    public override NamedDecimals Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("Named decimals are only answered.");

    public override void Write(Utf8JsonWriter writer, NamedDecimals value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[DecimalUnits.LongestText];
        writer.WriteStartObject();
        for (var at = 0; at < value.Names.Length; at++)
            writer.WriteString(value.Names[at], text[..DecimalUnits.Format(value.Amounts.Span[at], text)]);
        writer.WriteEndObject();
    }
}
