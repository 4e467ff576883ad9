using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Analytics.AppDatabases;

/// <summary>Writes values as JSON, from how Postgres writes them: nothing is too large, too early or too exact for that.</summary>
static class ValueJson
{
    public static void Write(Utf8JsonWriter json, Shape shape, ReadOnlySpan<byte> text)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Boolean:
                json.WriteBooleanValue(text is [(byte)'t', ..]);
                break;
            // Infinity and NaN are no numbers of JSON.
            case ShapeKind.Number when text is [>= (byte)'0' and <= (byte)'9', ..] or [(byte)'-', >= (byte)'0' and <= (byte)'9', ..]:
            case ShapeKind.Json:
                json.WriteRawValue(text, skipInputValidation: true);
                break;
            case ShapeKind.Date or ShapeKind.Time:
                json.WriteStringValue(Iso(Encoding.UTF8.GetString(text)));
                break;
            case ShapeKind.Array when text is [(byte)'{' or (byte)'[', ..]:
                new ArrayJson(json, shape, text).Write();
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }

    /// <summary>
    /// <c>2024-02-01 10:00:00+00</c> as ISO 8601; years before 1 and after 9999 with a sign and six digits, as browsers write and read
    /// them. Infinity stays.
    /// </summary>
    public static string Iso(string text)
    {
        const string Before = " BC";
        const string Utc = "+00";
        var isBefore = text.EndsWith(Before, StringComparison.Ordinal);
        var rest = isBefore ? text[..^Before.Length] : text;
        if (rest.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash)
            || !int.TryParse(rest[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return text;
        rest = rest[dash..].Replace(' ', 'T');
        if (rest.EndsWith(Utc, StringComparison.Ordinal) && rest.Contains('T', StringComparison.Ordinal))
            rest = rest[..^Utc.Length] + "Z";
        return Year(isBefore ? 1 - year : year) + rest;
    }

    static string Year(int year) => year switch
    {
        < 0 => year.ToString("-000000;-000000", CultureInfo.InvariantCulture),
        > 9999 => year.ToString("+000000", CultureInfo.InvariantCulture),
        _ => year.ToString("0000", CultureInfo.InvariantCulture),
    };
}
