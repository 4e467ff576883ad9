using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Time;

namespace Analytics.Http;

/// <summary>How JSON is written: names as the route spells them, times in UTC with a Z, enums as words.</summary>
static class Json
{
    public static readonly JsonSerializerOptions Snake = With(JsonNamingPolicy.SnakeCaseLower);
    public static readonly JsonSerializerOptions Camel = With(JsonNamingPolicy.CamelCase);

    static JsonSerializerOptions With(JsonNamingPolicy names)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = names,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            Converters =
            {
                new JsonStringEnumConverter(names, allowIntegerValues: false), new InstantConverter(), new OptionalConverters(),
            },
        };
        // Types are asked for their members before anything was written.
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>Instants are RFC 3339: read with an offset only, written in UTC to the microsecond.</summary>
sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var microseconds)
            ? Rfc3339.ToInstant(microseconds)
            : throw new JsonException("A time is written as RFC 3339 with an offset.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Rfc3339.Format(value));
}
