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

        part.Sum = DecimalUnits.Of(text);
        (part.Least, part.Largest) = (DecimalUnits.Of(row.GetString(least)), DecimalUnits.Of(row.GetString(largest)));
        if (values >= 0)
            part.Values = row.GetFieldValue<decimal[]>(values);
        return true;
    }

    string NumberOf(RawColumns columns)
    {
        var number = RawTable.FieldOf(question.Query.Dataset, name) switch
        {
            RawField.OfNumber direct => $"{columns.Read(direct.Sql)}::numeric",
            RawField.OfJson json when takesNumbersOnly && !RawNumber.IsMade(json.Path) => columns.Read($"({json.Json})::numeric"),
            RawField.OfJson json => RawNumber.Of(columns, json, isMixed),
            _ => "null::numeric",
        };
        return columns.Value(number);
    }

    static bool IsFine(string number) =>
        number.IndexOf('.', StringComparison.Ordinal) is var point && (point < 0 || number.Length - point - 1 <= DecimalUnits.Decimals);

    static bool IsCountable(string number) =>
        decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && decimal.Abs(value) <= 1e15m;
}
