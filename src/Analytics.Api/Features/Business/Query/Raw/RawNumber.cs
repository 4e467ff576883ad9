using Analytics.Sketches;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>A number of a jsonb document, in SQL: null where there is none.</summary>
static class RawNumber
{
    const string Cost = "_cost.amount";
    const string TotalTokens = "_llm.total_tokens";
    const string Countable = "between -1e15 and 1e15";
    const string LooksLikeNumber = @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?0*[0-9]{1,3})?$";
    const int LongestText = 1_000;
    const string Empty = "{}";

    /// <summary>Whether it is more than what stands at its path: an amount that is a text, or a sum where it is not said.</summary>
    public static bool IsMade(string path) => path is Cost or TotalTokens;

    /// <summary>The number, as <see cref="Storage.MetadataPath.TryReadNumber(ReadOnlySpan{byte}, string, out Int128)"/> reads it.</summary>
    /// <param name="columns">What the statement reads.</param>
    /// <param name="field">Where it stands.</param>
    /// <param name="isChecked">Whether one that is too large or too fine to be aggregated is none.</param>
    public static string Of(RawColumns columns, RawField.OfJson field, bool isChecked) =>
        field.Path == TotalTokens ? Total(columns, field, isChecked) : OfPlace(columns, field, isChecked);

    static string OfPlace(RawColumns columns, RawField.OfJson field, bool isChecked)
    {
        var json = columns.Read(field.Json);
        var (number, text) = ($"{json}::numeric", $"{json} #>> '{Empty}'");
        var ofText = field.Path != Cost ? "" : $"""
             when jsonb_typeof({json}) = 'string' and length({text}) <= {LongestText} and {text} ~ '{LooksLikeNumber}'
             then {Checked($"({text})::numeric", isChecked)}
            """;
        return $"case when jsonb_typeof({json}) = 'number' then {Checked(number, isChecked)}{ofText} end";
    }

    // Where it is not said it is the sum of what came in and went out.
    static string Total(RawColumns columns, RawField.OfJson field, bool isChecked)
    {
        var said = columns.Read(field.Json);
        var (input, output) = (Part("_llm.input_tokens"), Part("_llm.output_tokens"));
        var isAbsent = $"{said} is null or jsonb_typeof({said}) = 'null'";
        return $"case when {isAbsent} then {input} + {output} else {OfPlace(columns, field, isChecked)} end";

        string Part(string path) => OfPlace(columns, new RawField.OfJson(field.Column, path), isChecked);
    }

    static string Checked(string number, bool isChecked) => !isChecked ? number
        : $"case when {number} {Countable} and scale(trim_scale({number})) <= {DecimalUnits.Decimals} then trim_scale({number}) end";
}
