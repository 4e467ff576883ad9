using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Http;

/// <summary>How JSON is written: snake_case names, times in UTC with a Z, enums as words.</summary>
public static class Json
{
    public static readonly JsonSerializerOptions Snake = Configured(new(JsonSerializerDefaults.Web), JsonNamingPolicy.SnakeCaseLower);
    public static readonly JsonSerializerOptions Camel = Configured(new(JsonSerializerDefaults.Web), JsonNamingPolicy.CamelCase);

    public static JsonSerializerOptions Configured(JsonSerializerOptions options, JsonNamingPolicy names)
    {
        options.PropertyNamingPolicy = names;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(names, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new GivenConverters());
        return options;
    }
}

/// <summary>Instants are RFC 3339: read with an offset only, written in UTC to the microsecond.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    static readonly string[] Formats = ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var instant)
            ? instant
            : throw new JsonException("A time is written as RFC 3339 with an offset.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));

    public static string Text(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);

    static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        return hasOffset && DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant);
    }
}
