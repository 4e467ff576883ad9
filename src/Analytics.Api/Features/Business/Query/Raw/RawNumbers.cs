using System.Globalization;
using Analytics.Sketches;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>
/// The numbers of a field that a statement adds up. They are read fastest where nothing else is there. Whether each may be aggregated is
/// not looked at one by one: that the sum has at most 12 decimals, and neither end is too far from 0, says it of all. Where that does not
/// hold the field is mixed, and they are.
/// </summary>
sealed class RawNumbers
{
    const string Cost = "_cost.amount";
    const string TotalTokens = "_llm.total_tokens";
    const string Countable = "between -1e15 and 1e15";
    const string LooksLikeNumber = @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?0*[0-9]{1,3})?$";
    const int LongestText = 1_000;

    readonly RawQuestion question;
    readonly string name;
    readonly bool isMixed;
    readonly bool takesNumbersOnly;
    readonly int count;
    readonly int sum;
    readonly int least;
    readonly int largest;
    readonly int values = -1;

    public RawNumbers(RawQuestion question, RawColumns columns, string name, bool withValues)
    {
        (this.question, this.name, isMixed) = (question, name, question.IsMixed(name));
        takesNumbersOnly = question.TakesNumbersOnly && !isMixed;
        var number = NumberOf(columns);
        count = columns.Sum($"count({number})");
        sum = columns.Sum($"sum({number})::text");
        least = columns.Sum($"min({number})::text");
        largest = columns.Sum($"max({number})::text");
        if (withValues)
            values = columns.Sum($"array_agg({number}) filter (where {number} is not null)");
    }

    /// <summary>Adds a row's numbers to a part; false when the field is mixed.</summary>
    public bool TryRead(NpgsqlDataReader row, FieldPart part)
    {
        part.Numbers = row.GetInt64(count);
        if (part.Numbers == 0)
            return true;
        var text = row.GetString(sum);
        if (!isMixed && !(IsFine(text) && IsCountable(row.GetString(least)) && IsCountable(row.GetString(largest))))
        {
            question.FoundMixed(name);
            return false;
        }

        (part.Sum, part.Least, part.Largest) = (UnitsOf(text), UnitsOf(row.GetString(least)), UnitsOf(row.GetString(largest)));
        if (values >= 0)
            part.Values = row.GetFieldValue<decimal[]>(values);
        return true;
    }

    string NumberOf(RawColumns columns)
    {
        var number = RawTable.FieldOf(question.Query.Dataset, name) switch
        {
            RawField.OfNumber direct => $"{columns.Read(direct.Sql)}::numeric",
            RawField.OfJson { Path: TotalTokens } total => Total(columns, total),
            RawField.OfJson json => OfJson(columns, json),
            _ => "null::numeric",
        };
        return columns.Value(number);
    }

    string OfJson(RawColumns columns, RawField.OfJson field)
    {
        if (takesNumbersOnly && field.Path is not (Cost or TotalTokens) && name is not TotalTokens)
            return columns.Read($"({field.Json})::numeric");
        var json = columns.Read(field.Json);
        var (number, text) = ($"{json}::numeric", $"{json} #>> '{Empty}'");
        var ofText = field.Path != Cost ? "" : $"""
             when jsonb_typeof({json}) = 'string' and length({text}) <= {LongestText} and {text} ~ '{LooksLikeNumber}'
             then {Checked($"({text})::numeric")}
            """;
        return $"case when jsonb_typeof({json}) = 'number' then {Checked(number)}{ofText} end";
    }

    // Where it is not said it is the sum of what came in and went out.
    string Total(RawColumns columns, RawField.OfJson field)
    {
        var said = columns.Read(field.Json);
        var (input, output) = (Part("_llm.input_tokens"), Part("_llm.output_tokens"));
        return $"case when {said} is null or jsonb_typeof({said}) = 'null' then {input} + {output} else {OfJson(columns, field)} end";

        string Part(string path) => OfJson(columns, new RawField.OfJson(field.Column, path));
    }

    string Checked(string number) => !isMixed ? number
        : $"case when {number} {Countable} and scale(trim_scale({number})) <= {DecimalUnits.Decimals} then trim_scale({number}) end";

    const string Empty = "{}";

    static bool IsFine(string number) =>
        number.IndexOf('.', StringComparison.Ordinal) is var point && (point < 0 || number.Length - point - 1 <= DecimalUnits.Decimals);

    static bool IsCountable(string number) =>
        decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && decimal.Abs(value) <= 1e15m;

    static Int128 UnitsOf(string number)
    {
        var text = number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0') : number + ".";
        var decimals = text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1;
        var digits = text.Replace(".", "", StringComparison.Ordinal) + new string('0', DecimalUnits.Decimals - decimals);
        return Int128.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
