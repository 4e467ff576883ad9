using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Http;

/// <summary>A JSON object whose text is there already, as deep as it may be.</summary>
[JsonConverter(typeof(JsonObjectTextConverter))]
public readonly record struct JsonObjectText(ReadOnlyMemory<byte> Text);

/// <summary>Writes the text as it stands; nothing reads it.</summary>
sealed class JsonObjectTextConverter : JsonConverter<JsonObjectText>
{
    public override JsonObjectText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("Texts of objects are only answered.");

    public override void Write(Utf8JsonWriter writer, JsonObjectText value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Text.Span, skipInputValidation: true);
}
