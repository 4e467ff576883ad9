using System.Buffers;

namespace Analytics.Storage.Business;

/// <summary>Filters in SQL: what holds of a value exactly when <see cref="FieldFilter.Passes"/> says so.</summary>
static class FilterCondition
{
    /// <summary>Of a value of metadata, as jsonb and, where that is read faster, as text.</summary>
    public static string OfJson(FieldFilter filter, string json, string text, SqlValues values) => filter.Comparison switch
    {
        FilterOperator.GreaterThan => OfNumber(json, ">", filter, values),
        FilterOperator.LessThan => OfNumber(json, "<", filter, values),
        FilterOperator.Contains or FilterOperator.NotContains => Signed(filter, $"""
            case when jsonb_typeof({json}) = 'string' then strpos(({text}) collate "C", {values.Add(filter.Texts![0])}) > 0 end
            """),
        // What can only be a text's text is compared as one.
        _ when filter.Texts is { } texts && !texts.Any(JsonText.MayBeOther) => Signed(
            filter, $"(({text}) collate \"C\") = any({values.Add(texts.ToArray())})"),
        _ => Signed(filter, $"({json}) = any({values.Add(filter.Values.ToArray())}::jsonb[])"),
    };

    /// <summary>Of a number.</summary>
    public static string OfNumber(FieldFilter filter, string number, SqlValues values)
    {
        string[] numbers = [.. filter.Values.Where(value => value[0] is '-' or (>= '0' and <= '9'))];
        return filter.Comparison switch
        {
            FilterOperator.GreaterThan => $"{number} > {values.Add(numbers[0])}::numeric",
            FilterOperator.LessThan => $"{number} < {values.Add(numbers[0])}::numeric",
            FilterOperator.Contains or FilterOperator.NotContains => Signed(filter, "false"),
            _ => Signed(filter, $"{number} = any({values.Add(numbers)}::numeric[])"),
        };
    }

    /// <summary>Of a text that is there.</summary>
    public static string OfText(FieldFilter filter, string text, SqlValues values) => OfJson(filter, $"to_jsonb({text})", text, values);

    /// <summary>
    /// Of a number that stands for a text: it is one of those whose text passes; of a negated filter, it is none of those whose does not.
    /// </summary>
    public static string OfNumbers(FieldFilter filter, string number, int[] matching, SqlValues values) =>
        Signed(filter, $"{number} = any({values.Add(matching)})");

    static string OfNumber(string json, string comparison, FieldFilter filter, SqlValues values) =>
        $"case when jsonb_typeof({json}) = 'number' then ({json})::numeric {comparison} {values.Add(filter.Values[0])}::numeric end";

    static string Signed(FieldFilter filter, string condition) => filter.IsNegated ? $"({condition}) is not true" : $"({condition})";
}

/// <summary>JSON values as Postgres writes them as text, where a text stands without quotes.</summary>
static class JsonText
{
    static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.-");

    /// <summary>Whether a text may also stand for a number, a truth value, an object or a list.</summary>
    public static bool MayBeOther(string text) => text is "true" or "false" or ['{', ..] or ['[', ..]
        || (text is ['-' or (>= '0' and <= '9'), ..] && !text.AsSpan().ContainsAnyExcept(OfNumbers));
}
