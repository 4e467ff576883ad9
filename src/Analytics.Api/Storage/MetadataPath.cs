using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Analytics.Sketches;

namespace Analytics.Storage;

/// <summary>
/// A dotted path into an event's metadata. <c>a.b.c</c> is the literal key <c>a.b.c</c> where there is one, otherwise
/// <c>b.c</c> by the same rule inside <c>a</c>. Read from JSON bytes or, by the same rule, in SQL.
/// </summary>
sealed class MetadataPath
{
    // Metadata nests four levels below its own, so nothing lies deeper than this; it also bounds the SQL.
    const int DeepestStep = 6;
    const string Cost = "_cost.amount";
    const string TotalTokens = "_llm.total_tokens";

    readonly string[] steps;
    readonly string[] rests;

    public MetadataPath(string text)
    {
        var all = text.Split('.');
        var depth = Math.Min(all.Length, DeepestStep);
        steps = all[..(depth - 1)];
        rests = [.. Enumerable.Range(0, depth).Select(at => string.Join('.', all[at..]))];
    }

    /// <summary>What <see cref="Jsonb(string, string)"/> takes as its parameter, a text[].</summary>
    public string[] Keys => [.. steps, .. rests];

    /// <summary>How a path looks by which numbers may be asked for.</summary>
    public const string FieldPattern = "^[A-Za-z0-9_.-]{1,255}$";

    /// <summary>What is looked for where a number at a path is: itself, and what it is the sum of where it is absent.</summary>
    public static string[] ReadBy(string path) => path == TotalTokens ? [path, "_llm.input_tokens", "_llm.output_tokens"] : [path];

    /// <summary>Whether a path looks so.</summary>
    public static bool IsFieldName(string text) =>
        text.Length is >= 1 and <= 255 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>The value as a jsonb expression; <paramref name="keys"/> is the place of the parameter with <see cref="Keys"/>.</summary>
    public string Jsonb(string metadata, string keys)
    {
        var choices = new StringBuilder("coalesce(");
        for (var depth = 0; depth < rests.Length; depth++)
        {
            choices.Append(depth > 0 ? ", " : "").Append(metadata);
            for (var step = 0; step < depth; step++)
                choices.Append($" -> ({keys})[{step + 1}]");
            choices.Append($" -> ({keys})[{steps.Length + depth + 1}]");
        }

        return choices.Append(')').ToString();
    }

    /// <summary>The value as a jsonb expression that says the path itself: Postgres reads constant keys faster.</summary>
    public string Jsonb(string metadata) => rests.Length == 1
        ? $"{metadata} -> {Literal(rests[0])}"
        : $"coalesce({string.Join(", ", rests.Select((rest, depth) =>
            string.Join(" -> ", [metadata, .. steps[..depth].Select(Literal), Literal(rest)])))})";

    /// <summary>The same as text, as <see cref="AsText"/> has it.</summary>
    public string Text(string metadata) => rests.Length == 1
        ? $"{metadata} ->> {Literal(rests[0])}"
        : $"{Jsonb(metadata)} #>> '{{}}'";

    /// <summary>
    /// The value as text: a string's content, or the JSON text of anything else but null.
    /// </summary>
    public string AsText(string metadata, string keys) => $"{Jsonb(metadata, keys)} #>> '{{}}'";

    /// <summary>
    /// The number at the path in units of 1e-12, if there is one that may be aggregated. <c>_cost.amount</c> may be a string;
    /// <c>_llm.total_tokens</c> is the sum of input and output where it is absent, as in events of earlier versions.
    /// </summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> metadata, string path, out Int128 units)
    {
        TryFind(metadata, path, out var value);
        return TryReadNumber(metadata, value, path, out units);
    }

    /// <summary>The same where the value at the path was found already; it is empty where there is none.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value, string path, out Int128 units)
    {
        if (value is not ([] or [(byte)'n', ..]))
            return TryReadUnits(value, path, out units);
        units = default;
        if (path != TotalTokens
            || !TryReadNumber(metadata, "_llm.input_tokens", out var input)
            || !TryReadNumber(metadata, "_llm.output_tokens", out var output))
            return false;
        units = input + output;
        return true;
    }

    /// <summary>The text at the path: a string's content or the JSON text of a number or boolean.</summary>
    public static bool TryReadText(ReadOnlySpan<byte> metadata, string path, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryFind(metadata, path, out var value) || value[0] is (byte)'{' or (byte)'[' or (byte)'n')
            return false;
        text = value[0] == '"' ? Unquoted(value) : Encoding.UTF8.GetString(value);
        return true;
    }

    /// <summary>The string at the path; whatever else is there is none.</summary>
    public static bool TryReadString(ReadOnlySpan<byte> metadata, string path, [NotNullWhen(true)] out string? text)
    {
        text = TryFind(metadata, path, out var value) && value[0] == '"' ? Unquoted(value) : null;
        return text is not null;
    }

    /// <summary>The raw JSON of a key of the metadata itself.</summary>
    public static bool TryFindTop(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var found = Look(metadata, key, default, mayStep: false).Found;
        value = found is { } range ? metadata[range] : default;
        return found is not null;
    }

    static string Literal(string key) => $"'{key.Replace("'", "''", StringComparison.Ordinal)}'";

    static bool TryReadUnits(ReadOnlySpan<byte> value, string path, out Int128 units)
    {
        units = default;
        if (value[0] == '"')
            return path == Cost && DecimalUnits.TryParse(Encoding.UTF8.GetBytes(Unquoted(value)), out units);
        return value[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && DecimalUnits.TryParse(value, out units);
    }

    static string Unquoted(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>The raw JSON of the value. Of a repeated key the last value holds, as in jsonb. Metadata nobody sent is empty.</summary>
    static bool TryFind(ReadOnlySpan<byte> json, string path, out ReadOnlySpan<byte> value)
    {
        Span<byte> buffer = stackalloc byte[256];
        Span<byte> rest = Encoding.UTF8.GetByteCount(path) <= buffer.Length ? buffer : new byte[Encoding.UTF8.GetByteCount(path)];
        ReadOnlySpan<byte> left = rest[..Encoding.UTF8.GetBytes(path, rest)];
        value = default;
        while (true)
        {
            var dot = left.IndexOf((byte)'.');
            var (found, isLiteral) = Look(json, left, dot < 0 ? default : left[..dot], dot >= 0);
            if (found is not { } range)
                return false;
            json = json[range];
            if (isLiteral)
                break;
            left = left[(dot + 1)..];
        }

        value = json;
        return true;
    }

    /// <summary>Looks for both keys in one pass: where the value is, and whether it is the literal key's.</summary>
    static (Range? Found, bool IsLiteral) Look(
        ReadOnlySpan<byte> json, ReadOnlySpan<byte> literal, ReadOnlySpan<byte> step, bool mayStep)
    {
        Range? found = null;
        var isLiteral = false;
        var reader = new Utf8JsonReader(json);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isThis = reader.ValueTextEquals(literal);
            var isStep = !isThis && !isLiteral && mayStep && reader.ValueTextEquals(step);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isThis || isStep)
                found = start..(int)reader.BytesConsumed;
            isLiteral |= isThis;
        }

        return (found, isLiteral);
    }
}
