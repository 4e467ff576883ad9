using System.Text.Json.Nodes;

namespace Analytics.Features.Erasure;

/// <summary>Saved questions, and values of groups, that an erased person is named in: the pseudonyms stand there from then on.</summary>
sealed class ErasedQuestion(ErasedNames names)
{
    // Words that mean something else when somebody is called so.
    static readonly HashSet<string> Words =
    [
        "timestamp", "name", "customer", "endpoint", "method", "statusCode", "latencyMs", "productId", "apiKeyId", "requestSize",
        "responseSize", "count",
    ];

    /// <summary>A question whose filters, names of events or fields may name the person.</summary>
    public string Of(string query)
    {
        var asked = JsonNode.Parse(query)!;
        RenameAll(asked["events"], Renamed);
        RenameAll(asked["dimensions"], Field);
        foreach (var metric in asked["metrics"] as JsonArray ?? [])
            Rename(metric!, "field", Field);
        foreach (var filter in asked["filters"] as JsonArray ?? [])
        {
            Rename(filter!, "field", Field);
            RenameAll(filter!["value"], Value);
            Rename(filter, "value", Value);
        }

        Rename(asked, "orderBy", Order);
        return asked.ToJsonString();
    }

    /// <summary>The value, or the pseudonym when it is one of the names.</summary>
    public JsonNode? Renamed(JsonNode? value) => With(value, names.Renamed);

    /// <summary>A column of an answer: it is called by a dimension, or by an aggregation and its field in brackets.</summary>
    public string ColumnOf(string column) => FieldOf(column) is var field && field != column ? field
        : column.IndexOf('(', StringComparison.Ordinal) + 1 is > 1 and var inner && column[^1] == ')'
            ? $"{column[..inner]}{FieldOf(column[inner..^1])})"
            : column;

    // A filter may look for the name within a text.
    JsonNode? Value(JsonNode? value) => With(value, text => names.InText(names.Renamed(text)));

    JsonNode? Field(JsonNode? value) => With(value, FieldOf);

    JsonNode? Order(JsonNode? value) => With(value, text => text is ['-', .. var column] ? $"-{ColumnOf(column)}" : ColumnOf(text));

    string FieldOf(string field) => Words.Contains(field) ? field : names.Renamed(field);

    static JsonNode? With(JsonNode? value, Func<string, string> change) =>
        value is JsonValue text && text.TryGetValue<string>(out var said) ? JsonValue.Create(change(said)) : value?.DeepClone();

    static void Rename(JsonNode from, string member, Func<JsonNode?, JsonNode?> change)
    {
        if (from[member] is JsonValue value)
            from[member] = change(value);
    }

    static void RenameAll(JsonNode? from, Func<JsonNode?, JsonNode?> change)
    {
        if (from is JsonArray values)
            for (var at = 0; at < values.Count; at++)
                values[at] = change(values[at]);
    }
}
