using System.Text;
using System.Text.Json;

namespace Analytics.Storage.Business;

/// <summary>How a filter compares a field with its value.</summary>
enum FilterOperator
{
    Equals,
    NotEquals,
    GreaterThan,
    LessThan,
    Contains,
    NotContains,
    In,
    NotIn,
}

/// <summary>
/// What must hold of a field of an event's metadata. Comparisons mind upper and lower case; a field that is missing or of another type
/// passes by the negated operators only.
/// </summary>
sealed class FieldFilter
{
    /// <summary>The words of operators, in the order of <see cref="FilterOperator"/>.</summary>
    public static readonly string[] Operators =
        ["EQUALS", "NOT_EQUALS", "GREATER_THAN", "LESS_THAN", "CONTAINS", "NOT_CONTAINS", "IN", "NOT_IN"];

    readonly FilterOperator comparison;
    readonly byte[][] texts;
    readonly ExactDecimal[] numbers;
    readonly bool[] truths;

    /// <param name="path">The field.</param>
    /// <param name="comparison">How it is compared.</param>
    /// <param name="values">With any of these.</param>
    public FieldFilter(string path, FilterOperator comparison, IReadOnlyList<JsonElement> values)
    {
        (Path, this.comparison) = (path, comparison);
        Values = [.. values.Select(value => JsonSerializer.Serialize(value))];
        Texts = values.All(value => value.ValueKind == JsonValueKind.String) ? [.. values.Select(value => value.GetString()!)] : null;
        Text = $"{comparison} {JsonSerializer.Serialize(values)} {path}";
        texts = [.. Of(values, JsonValueKind.String).Select(value => Encoding.UTF8.GetBytes(value.GetString()!))];
        numbers = [.. Of(values, JsonValueKind.Number).Select(value => ExactDecimal.Of(Encoding.ASCII.GetBytes(value.GetRawText())))];
        truths = [.. Of(values, JsonValueKind.True).Concat(Of(values, JsonValueKind.False)).Select(value => value.GetBoolean())];
        Named = IsBound || LooksInside ? [] : [.. values.Select(value => value.GetRawText()).Select(NameOf)];
    }

    public string Path { get; }

    public FilterOperator Comparison => comparison;

    /// <summary>Whether it passes by a missing field, and by all that the same one without <c>NOT_</c> does not.</summary>
    public bool IsNegated => comparison is FilterOperator.NotEquals or FilterOperator.NotContains or FilterOperator.NotIn;

    /// <summary>What the field is compared with, as JSON.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The same where all are texts; else null.</summary>
    public IReadOnlyList<string>? Texts { get; }

    /// <summary>What filters that say the same have in common.</summary>
    public string Text { get; }

    /// <summary>The values that it asks for, or that it does not want: equal ones are called the same.</summary>
    public IReadOnlyList<string> Named { get; }

    /// <summary>Whether it asks for numbers beyond one.</summary>
    public bool IsBound => comparison is FilterOperator.GreaterThan or FilterOperator.LessThan;

    /// <summary>Whether it asks for a part of a text.</summary>
    public bool LooksInside => comparison is FilterOperator.Contains or FilterOperator.NotContains;

    /// <summary>Reads the filters of a unit as they are stored: objects of a field, an operator and a value.</summary>
    public static IReadOnlyList<FieldFilter> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(Of)];
    }

    /// <summary>Whether it passes by a value, raw JSON; empty for a missing one.</summary>
    public bool Passes(ReadOnlySpan<byte> json)
    {
        var value = new JsonScalar(json);
        return comparison switch
        {
            FilterOperator.Equals or FilterOperator.In => IsAnyOf(value),
            FilterOperator.NotEquals or FilterOperator.NotIn => !IsAnyOf(value),
            FilterOperator.Contains => value.IsText && value.Text.IndexOf(texts[0]) >= 0,
            FilterOperator.NotContains => !value.IsText || value.Text.IndexOf(texts[0]) < 0,
            FilterOperator.GreaterThan => value.IsNumber && value.Number.ComparedWith(numbers[0]) > 0,
            _ => value.IsNumber && value.Number.ComparedWith(numbers[0]) < 0,
        };
    }

    static FieldFilter Of(JsonElement filter)
    {
        var value = filter.GetProperty("value");
        return new(
            filter.GetProperty("field").GetString()!, (FilterOperator)Array.IndexOf(Operators, filter.GetProperty("operator").GetString()!),
            value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value]);
    }

    static string NameOf(string json) => Encoding.UTF8.GetString(new JsonScalar(Encoding.UTF8.GetBytes(json)).Distinct() ?? []);

    static IEnumerable<JsonElement> Of(IReadOnlyList<JsonElement> values, JsonValueKind kind) =>
        values.Where(value => value.ValueKind == kind);

    bool IsAnyOf(JsonScalar value)
    {
        if (value.IsTruth)
            return truths.Contains(value.IsTrue);
        if (value.IsText && texts.Length > 0)
        {
            var text = value.Text;
            foreach (var wanted in texts)
                if (text.SequenceEqual(wanted))
                    return true;
        }
        else if (value.IsNumber && numbers.Length > 0)
        {
            var number = value.Number;
            foreach (var wanted in numbers)
                if (number.ComparedWith(wanted) == 0)
                    return true;
        }

        return false;
    }
}
