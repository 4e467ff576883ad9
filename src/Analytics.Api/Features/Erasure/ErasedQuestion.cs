using System.Text.Json.Nodes;
using Analytics.Storage.Business;

namespace Analytics.Features.Erasure;

/// <summary>Saved questions, and values of groups, that an erased person is named in: the pseudonyms stand there from then on.</summary>
sealed class ErasedQuestion(ErasedNames names)
{
    /// <summary>A question whose filters, names of events or fields may name the person.</summary>
    public string Of(string query)
    {
        var asked = JsonNode.Parse(query)!;
        RenameAll(asked["events"], names.RenamedTerm);
        RenameAll(asked["dimensions"], names.RenamedTerm);
        foreach (var metric in asked["metrics"] as JsonArray ?? [])
            Rename(metric!, "field", names.RenamedTerm);
        foreach (var filter in asked["filters"] as JsonArray ?? [])
        {
            var field = (string)filter!["field"]!;
            RenameAll(filter["value"], value => Value(field, value));
            Rename(filter, "value", value => Value(field, value));
            Rename(filter, "field", names.RenamedTerm);
        }

        Rename(asked, "orderBy", Order);
        return asked.ToJsonString();
    }

    /// <summary>The value of a field, or the pseudonym when the person is meant by it.</summary>
    public JsonNode? Renamed(string field, JsonNode? value) => With(value, text => names.Renamed(field, text));

    /// <summary>A column of an answer: it is called by a dimension, or by an aggregation and its field in brackets.</summary>
    public string ColumnOf(string column) => names.RenamedTerm(column) is var renamed && renamed != column ? renamed
        : column.IndexOf('(', StringComparison.Ordinal) + 1 is > 1 and var inner && column[^1] == ')'
            ? $"{column[..inner]}{names.RenamedTerm(column[inner..^1])})"
            : column;

    // A filter may look for the name within a text.
    string Value(string field, string text) => StayingTexts.OfAny.Contains(field) ? text : names.InText(names.Renamed(field, text));

    string Order(string text) => text is ['-', .. var column] ? $"-{ColumnOf(column)}" : ColumnOf(text);

    static JsonNode? With(JsonNode? value, Func<string, string> change) =>
        value is JsonValue text && text.TryGetValue<string>(out var said) ? JsonValue.Create(change(said)) : value?.DeepClone();

    static void Rename(JsonNode from, string member, Func<string, string> change)
    {
        if (from[member] is JsonValue value)
            from[member] = With(value, change);
    }

    static void RenameAll(JsonNode? from, Func<string, string> change)
    {
        if (from is JsonArray values)
            for (var at = 0; at < values.Count; at++)
                values[at] = With(values[at], change);
    }
}
