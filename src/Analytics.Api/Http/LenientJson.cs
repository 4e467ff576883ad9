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
                problems.Add((e as JsonException)?.Path is not { } path && HalfCharacterIn(member) is { } place
                    ? new($"/{property.Name}{place}", "text", "Must not hold half a character.")
                    : Problem(property, (e as JsonException)?.Path, options));
                members.Remove(property.Name);
            }
        }
        return new(members.Deserialize(type, options), problems);
    }

    static Problem Problem(JsonPropertyInfo property, string? path, JsonSerializerOptions options) =>
        new($"/{property.Name}{JsonPointer.OfPath(path ?? "")}", "type", $"Must be {Expected(property.PropertyType, path, options)}.");

    /// <summary>Where a text is that ends or begins within a character, which nothing can be read from; null where there is none.</summary>
    static string? HalfCharacterIn(JsonNode? node)
    {
        try
        {
            return node switch
            {
                JsonArray list => list.Index().Select(item => Below($"{item.Index}", item.Item)).FirstOrDefault(place => place is not null),
                JsonObject members => members.Select(member => Below(member.Key, member.Value)).FirstOrDefault(place => place is not null),
                JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is null => "",
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return "";
        }

        static string? Below(string step, JsonNode? inside) =>
            HalfCharacterIn(inside) is { } place ? $"/{JsonPointer.Escape(step)}{place}" : null;
    }

    /// <summary>The type that stands at a path, as the serialiser writes it.</summary>
    static Type TypeAt(Type type, string? path, JsonSerializerOptions options)
    {
        type = Bare(type);
        foreach (var step in JsonPointer.Steps(path ?? ""))
            type = Bare(options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } known
                ? known.Properties.FirstOrDefault(property => property.Name == step)?.PropertyType ?? typeof(object)
                : type.IsGenericType ? type.GetGenericArguments()[^1] : type.GetElementType() ?? typeof(object));
        return type;
    }

    static Type Bare(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>)
        ? Bare(type.GetGenericArguments()[0])
        : Nullable.GetUnderlyingType(type) ?? type;

    static string Expected(Type whole, string? path, JsonSerializerOptions options)
    {
        var type = TypeAt(whole, path, options);
        return type switch
        {
            _ when type == typeof(string) => "a text",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(decimal) || type == typeof(double) => "a number",
            _ when type == typeof(ExactNumber) => "a number from -1e15 to 1e15 of at most 12 decimals",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(Guid) => "a UUID",
            _ when type == typeof(DateTimeOffset) => "a time in RFC 3339 with an offset",
            _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(options.PropertyNamingPolicy!.ConvertName)),
            _ when typeof(IEnumerable).IsAssignableFrom(type) => "a list",
            _ when type != typeof(object) && options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object => "an object",
            _ => "of another type",
        };
    }
}
