using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Oracle;

/// <summary>An event as a client tells it. Its external id is what others name it by as their parent.</summary>
sealed record ToldEvent(string ExternalId, string Name, DateTimeOffset At)
{
    readonly JsonElement metadata = JsonElement.Parse("{}");

    public Guid? CustomerId { get; init; }
    public string? ExternalCustomerId { get; init; }
    public string? Parent { get; init; }
    public bool IsSystem { get; init; }

    public string Metadata
    {
        get => metadata.GetRawText();
        init => metadata = JsonElement.Parse(value);
    }

    /// <summary>The event as the ingest route takes it; its parent may be named by the id it was given.</summary>
    public JsonObject ToJson(string? parentId = null)
    {
        var json = Some.Event(Name, null, ExternalId, ExternalCustomerId, CustomerId, parentId ?? Parent, IsSystem ? "system" : null);
        json["timestamp"] = At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        json["metadata"] = JsonNode.Parse(Metadata);
        return json;
    }

    /// <summary>The number at a path: a JSON number, or a string where money is written so.</summary>
    public BigInteger? Number(string path) => Find(metadata, path) switch
    {
        { ValueKind: JsonValueKind.Number } number => Units.OfNumber(number.GetRawText()),
        { ValueKind: JsonValueKind.String } text when path == "_cost.amount" => Units.OfNumber(text.GetString()!),
        null when path == "_llm.total_tokens" && Number("_llm.input_tokens") is { } given => given + Number("_llm.output_tokens"),
        _ => null,
    };

    /// <summary>The value at a path as text; null when it is none.</summary>
    public string? Text(string path) => Find(metadata, path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => null,
    };

    // A literal key first, then nesting.
    static JsonElement? Find(JsonElement place, string path)
    {
        if (place.ValueKind != JsonValueKind.Object)
            return null;
        if (place.TryGetProperty(path, out var literal))
            return literal;
        return path.Split('.', 2) is [var head, var rest] && place.TryGetProperty(head, out var inner) ? Find(inner, rest) : null;
    }
}
