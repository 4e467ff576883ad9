using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Analytics.Contract;

namespace Analytics.Http;

/// <summary>What could be read of a body that does not fit its type, and everything that could not.</summary>
sealed record LenientJson(object? Value, IReadOnlyList<Problem> Problems)
{
    public static LenientJson Read(ReadOnlyMemory<byte> body, Type type, JsonSerializerOptions options, JsonException first)
    {
        try
        {
            if (JsonNode.Parse(body.Span) is JsonObject members)
                return Read(members, type, options);
            return new(null, [new("", "json", "Must be an object.")]);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // No JSON at all, or the same name twice.
            var place = $"line {first.LineNumber + 1}, byte {first.BytePositionInLine}";
            return new(null, [new("", "json", $"The body is not valid JSON ({place}).")]);
        }
    }

    /// <summary>Reads member by member; those that do not fit are reported and left out.</summary>
    static LenientJson Read(JsonObject members, Type type, JsonSerializerOptions options)
    {
        var problems = new List<Problem>();
        foreach (var property in options.GetTypeInfo(type).Properties)
        {
            if (!members.TryGetPropertyValue(property.Name, out var member))
                continue;
            try
            {
                member.Deserialize(property.PropertyType, options);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                problems.Add(Problem(property, (e as JsonException)?.Path, options));
                members.Remove(property.Name);
            }
        }
        return new(members.Deserialize(type, options), problems);
    }

    static Problem Problem(JsonPropertyInfo property, string? path, JsonSerializerOptions options) =>
        new($"/{property.Name}{JsonPointer.OfPath(path ?? "")}", "type", $"Must be {Expected(property.PropertyType, path, options)}.");

    static string Expected(Type type, string? path, JsonSerializerOptions options)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>))
            type = type.GetGenericArguments()[0];
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (path is { Length: > 1 } && type.IsGenericType)
            type = type.GetGenericArguments()[^1];
        return type switch
        {
            _ when type == typeof(string) => "a text",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(decimal) || type == typeof(double) => "a number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(Guid) => "a UUID",
            _ when type == typeof(DateTimeOffset) => "a time in RFC 3339 with an offset",
            _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(options.PropertyNamingPolicy!.ConvertName)),
            _ when typeof(IEnumerable).IsAssignableFrom(type) => "a list",
            _ => "of another type",
        };
    }
}
