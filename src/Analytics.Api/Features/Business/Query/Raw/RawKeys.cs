using Analytics.Storage.Business;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>
/// The values of a field by which a statement tells rows apart. A text is read fastest, but may stand for a number as well: where one
/// turns up that might, the field is mixed and its values are read with their type.
/// </summary>
sealed class RawKeys
{
    readonly RawQuestion question;
    readonly string name;
    readonly RawField field;
    readonly bool isMixed;
    readonly int column;
    readonly Dictionary<string, string?> known = new(StringComparer.Ordinal);

    public RawKeys(RawQuestion question, RawColumns columns, string name)
    {
        (this.question, this.name) = (question, name);
        field = RawTable.FieldOf(question.Query.Dataset, name);
        isMixed = question.IsMixed(name);
        Group = columns.Value(field switch
        {
            RawField.OfJson json when isMixed => Scalar(columns.Read(json.Json)),
            RawField.OfJson json => columns.Read($"({json.Text}) collate \"C\""),
            RawField.OfNumber number => columns.Read($"({number.Sql})::numeric"),
            RawField.OfText text => columns.Read(text.Sql),
            RawField.OfCode code => $"nullif({columns.Read(code.Column)}, 0)",
            _ => throw new InvalidOperationException(),
        });
        column = columns.Sum($"{Group}::text");
    }

    /// <summary>What rows are grouped by.</summary>
    public string Group { get; }

    /// <summary>The key of a row's value, null for none; codes are told by a # and their number. False when the field is mixed.</summary>
    public bool TryRead(NpgsqlDataReader row, out string? key)
    {
        key = null;
        if (row.IsDBNull(column))
            return true;
        var text = row.GetString(column);
        if (known.TryGetValue(text, out key))
            return true;
        if (field is RawField.OfJson && !isMixed && JsonText.MayBeOther(text))
        {
            question.FoundMixed(name);
            return false;
        }

        return (known[text] = key = KeyOf(text)) is var _;
    }

    string? KeyOf(string text) => field switch
    {
        RawField.OfJson when isMixed => QueryValue.KeyOf(text),
        RawField.OfNumber => QueryValue.KeyOf(text),
        RawField.OfCode { Code: var code } => RawCodes.KeyOf(code, text, question.Linked),
        _ => QueryValue.KeyOfText(text),
    };

    static string Scalar(string json) => $"case when jsonb_typeof({json}) in ('string', 'number', 'boolean') then {json} end";
}
