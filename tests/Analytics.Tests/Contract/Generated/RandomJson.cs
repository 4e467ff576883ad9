using System.Globalization;
using System.Text;
using System.Text.Json;
using static Analytics.Tests.Contract.Generated.RandomValues;

namespace Analytics.Tests.Contract.Generated;

/// <summary>Writes what a schema of the document describes, and now and then something else in its place.</summary>
/// <param name="document">Where the schemas that are referred to stand.</param>
/// <param name="random">Decides.</param>
/// <param name="ids">Ids of things there are.</param>
/// <param name="spoilt">How often a value is another one: of a thousand.</param>
sealed class RandomJson(JsonElement document, Random random, IReadOnlyList<string> ids, int spoilt)
{
    const int Deepest = 6;
    readonly StringBuilder text = new();

    public static string Of(JsonElement document, JsonElement schema, Random random, IReadOnlyList<string> ids, int spoilt)
    {
        var made = new RandomJson(document, random, ids, spoilt);
        made.Value(schema, 0);
        return made.text.ToString();
    }

    /// <summary>A value that fits a schema of a parameter, as text.</summary>
    public static string Parameter(JsonElement document, JsonElement schema, Random random, IReadOnlyList<string> ids)
    {
        var json = Of(document, schema, random, ids, 0);
        return json[0] == '"' ? JsonSerializer.Deserialize<string>(json)! : json;
    }

    void Value(JsonElement schema, int depth)
    {
        schema = Resolved(schema);
        if (random.Next(1_000) < spoilt)
            text.Append(Token(random));
        else if (schema.TryGetProperty("enum", out var values) && values.GetArrayLength() > 0)
            text.Append(values[random.Next(values.GetArrayLength())].GetRawText());
        else if (schema.TryGetProperty("oneOf", out var some) || schema.TryGetProperty("anyOf", out some))
            Value(some[random.Next(some.GetArrayLength())], depth);
        else
            Typed(schema, TypeOf(schema), depth);
    }

    void Typed(JsonElement schema, string type, int depth)
    {
        switch (type)
        {
            case "object":
                Object(schema, depth);
                break;
            case "array":
                var length = depth > Deepest ? 0 : random.Next(schema.TryGetProperty("minItems", out _) ? 1 : 0, 4);
                text.Append('[');
                for (var at = 0; at < length; at++)
                {
                    text.Append(at == 0 ? "" : ",");
                    Value(schema.GetProperty("items"), depth + 1);
                }
                text.Append(']');
                break;
            case "integer" or "number":
                text.Append(Number(schema, type).ToString(CultureInfo.InvariantCulture));
                break;
            case "boolean":
                text.Append(random.Next(2) == 0 ? "true" : "false");
                break;
            case "null":
                text.Append("null");
                break;
            default:
                text.Append(JsonSerializer.Serialize(Words(schema)));
                break;
        }
    }

    void Object(JsonElement schema, int depth)
    {
        var names = new List<(string Name, JsonElement Schema)>();
        var required = schema.TryGetProperty("required", out var listed) ? listed.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        if (schema.TryGetProperty("properties", out var properties))
            foreach (var property in properties.EnumerateObject())
                if (required.Contains(property.Name) ? random.Next(1_000) >= spoilt : depth < Deepest && random.Next(3) > 0)
                    names.Add((property.Name, property.Value));
        var separator = "{";
        foreach (var (name, member) in names)
        {
            text.Append(separator).Append(JsonSerializer.Serialize(name)).Append(':');
            Value(member, depth + 1);
            separator = ",";
        }
        if (random.Next(1_000) < spoilt)
            text.Append(separator).Append(JsonSerializer.Serialize(RandomValues.Of(random, Extra))).Append(':').Append(Token(random));
        else if (separator == "{")
            text.Append('{');
        text.Append('}');
    }

    static readonly string[] Extra = ["workspace_id", "tenantId", "name", "", "constructor", "__proto__", "metadata", "events", "requests", "id", "\0"];

    decimal Number(JsonElement schema, string type)
    {
        var least = schema.TryGetProperty("minimum", out var low) && low.TryGetDecimal(out var minimum) ? minimum : -10;
        var most = schema.TryGetProperty("maximum", out var high) && high.TryGetDecimal(out var maximum) ? maximum : least + 1_000;
        var number = least + ((most - least) * random.Next(0, 101) / 100);
        return type == "integer" ? decimal.Floor(number) : number;
    }

    string Words(JsonElement schema)
    {
        var format = schema.TryGetProperty("format", out var said) ? said.GetString() : null;
        if (format is null && schema.TryGetProperty("pattern", out var pattern))
            return pattern.GetString() switch
            {
                var three when three!.Contains("{3}", StringComparison.Ordinal) => "usd",
                var parts when parts!.Contains(':', StringComparison.Ordinal) => $"g:{random.Next():x}",
                _ => $"g-{random.Next():x}",
            };
        return format switch
        {
            "uuid" => ids.Count > 0 && random.Next(4) > 0 ? RandomValues.Of(random, ids) : Guid.NewGuid().ToString(),
            "date-time" => TimeProvider.System.GetUtcNow().AddMinutes(-random.Next(100_000)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            "date" => TimeProvider.System.GetUtcNow().AddDays(-random.Next(40)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "email" => $"{Guid.NewGuid():n}{RandomValues.Of(random, (string[])["", "", "\u00e9", "..", "%"])}@{RandomValues.Of(random, (string[])["example.com", "a", "-.-"])}",
            _ => RandomValues.Of(random, (string[])["task.done", "acme", "report.made", "x-1", "UTC", "Ada", "_cost.amount"]),
        };
    }

    JsonElement Resolved(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var place))
            schema = place.GetString()!.Split('/')[1..].Aggregate(document, (at, step) => at.GetProperty(step));
        return schema;
    }

    string TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out var type)
        ? schema.TryGetProperty("properties", out _) ? "object" : "string"
        : type.ValueKind == JsonValueKind.Array
            ? type[random.Next(type.GetArrayLength())].GetString()!
            : type.GetString()!;
}
