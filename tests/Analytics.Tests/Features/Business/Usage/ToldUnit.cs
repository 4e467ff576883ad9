using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>An event as it was told.</summary>
sealed record ToldUse(string Name, DateTimeOffset At, string? Customer, JsonObject Metadata)
{
    public string? Product => Metadata["product_id"] is JsonValue id && id.TryGetValue(out string? key) ? key : null;

    /// <summary>The value at a path: the literal key first.</summary>
    public JsonNode? this[string path] => Find(Metadata, path);

    static JsonNode? Find(JsonNode? node, string path)
    {
        if (node is not JsonObject members)
            return null;
        if (members.TryGetPropertyValue(path, out var literal))
            return literal;
        return path.Split('.', 2) is [var step, var rest] ? Find(members[step], rest) : null;
    }
}

/// <summary>A filter as it was told.</summary>
sealed record ToldFilter(string Field, string Operator, JsonNode Value)
{
    public bool Holds(ToldUse use)
    {
        var found = use[Field];
        return Operator switch
        {
            "EQUALS" => AreEqual(found, Value),
            "NOT_EQUALS" => !AreEqual(found, Value),
            "IN" => Value.AsArray().Any(one => AreEqual(found, one)),
            "NOT_IN" => !Value.AsArray().Any(one => AreEqual(found, one)),
            "CONTAINS" => TextOf(found)?.Contains(TextOf(Value)!, StringComparison.Ordinal) == true,
            "NOT_CONTAINS" => TextOf(found)?.Contains(TextOf(Value)!, StringComparison.Ordinal) != true,
            "GREATER_THAN" => NumberOf(found) > NumberOf(Value),
            _ => NumberOf(found) < NumberOf(Value),
        };
    }

    public static decimal? NumberOf(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;

    public static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    static bool AreEqual(JsonNode? one, JsonNode? other) =>
        NumberOf(one) is { } number ? number == NumberOf(other)
        : TextOf(one) is { } text ? text == TextOf(other)
        : one is JsonValue truth && truth.TryGetValue(out bool isSo) && other is JsonValue wanted && wanted.TryGetValue(out bool so) && isSo == so;
}

/// <summary>A unit as it was told, and what it comes to by looking at every event.</summary>
sealed record ToldUnit(string Key, string Aggregation, string EventName, string? Field, string? ProductType, ToldFilter[] Filters)
{
    public JsonObject Body => new()
    {
        ["key"] = Key, ["name"] = $"The {Key}", ["unitLabel"] = "pieces", ["aggregation"] = Aggregation, ["eventName"] = EventName,
        ["field"] = Field, ["productType"] = ProductType,
        ["filters"] = new JsonArray([.. Filters.Select(filter => new JsonObject
        {
            ["field"] = filter.Field, ["operator"] = filter.Operator, ["value"] = filter.Value.DeepClone(),
        })]),
    };

    public bool Matches(ToldUse use, IReadOnlyDictionary<string, string> types) => use.Name == EventName
        && (ProductType is null || (use.Product is { } product && types.GetValueOrDefault(product) == ProductType))
        && Filters.All(filter => filter.Holds(use));

    /// <summary>What some events that match come to.</summary>
    public decimal ValueOf(IReadOnlyList<ToldUse> uses)
    {
        List<decimal> numbers = Field is null ? [] : [.. uses.Select(use => ToldFilter.NumberOf(use[Field])).OfType<decimal>().Order()];
        return Aggregation switch
        {
            "COUNT" => uses.Count,
            "SUM" => numbers.Sum(),
            "MAX" => numbers.LastOrDefault(),
            "AVG" => numbers.Count == 0 ? 0 : Math.Round(numbers.Sum() / numbers.Count, 2, MidpointRounding.AwayFromZero),
            "UNIQUE" => uses.Select(use => DistinctOf(use[Field!])).OfType<object>().Distinct().Count(),
            _ => PercentileOf(numbers),
        };
    }

    static object? DistinctOf(JsonNode? node) => ToldFilter.NumberOf(node) is { } number ? number
        : ToldFilter.TextOf(node) is { } text ? text
        : node is JsonValue value && value.TryGetValue(out bool truth) ? truth
        : null;

    static decimal PercentileOf(List<decimal> ascending)
    {
        if (ascending.Count == 0)
            return 0;
        var rank = 0.95m * (ascending.Count - 1);
        var below = (int)Math.Floor(rank);
        var (low, high) = (ascending[below], ascending[Math.Min(below + 1, ascending.Count - 1)]);
        return Math.Round(low + ((high - low) * (rank - below)), 12, MidpointRounding.AwayFromZero);
    }
}
