using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Analytics.Storage.Verification;

/// <summary>
/// Reads the numbers of raw metadata by the rules of the contract, in a way of its own: the whole document is parsed and
/// decimals are taken apart as text.
/// </summary>
sealed partial class RawNumbers(IReadOnlyDictionary<short, string> paths)
{
    const int Decimals = 12;
    static readonly BigInteger Largest = BigInteger.Pow(10, 15 + Decimals);

    /// <summary>Every field the event has, in units of 1e-12.</summary>
    public Dictionary<short, Int128> Of(string? metadata)
    {
        var values = new Dictionary<short, Int128>();
        if (metadata is null)
            return values;
        using var document = JsonDocument.Parse(metadata);
        foreach (var (field, path) in paths)
            if (Value(document.RootElement, path) is { } value)
                values.Add(field, value);
        return values;
    }

    internal static Int128? Value(JsonElement metadata, string path)
    {
        var found = Find(metadata, path);
        // Total tokens are the sum of both kinds where nobody says otherwise.
        if (path == "_llm.total_tokens" && (found is null || found.Value.ValueKind == JsonValueKind.Null))
            return Value(metadata, "_llm.input_tokens") + Value(metadata, "_llm.output_tokens");
        return found switch
        {
            { ValueKind: JsonValueKind.Number } number => Units(number.GetRawText()),
            { ValueKind: JsonValueKind.String } text when path == "_cost.amount" => Units(text.GetString()!),
            _ => null,
        };
    }

    /// <summary>The literal key first, then what the first step leads to.</summary>
    internal static JsonElement? Find(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        if (element.TryGetProperty(path, out var literal))
            return literal;
        return path.Split('.', 2) is [var step, var rest] && element.TryGetProperty(step, out var nested) ? Find(nested, rest) : null;
    }

    /// <summary>Null for what may not be aggregated: beyond 1e15, or with more than twelve decimals.</summary>
    internal static Int128? Units(string text)
    {
        var parts = Number().Match(text);
        if (!parts.Success)
            return null;
        var fraction = parts.Groups["fraction"].Value;
        var digits = BigInteger.Parse(parts.Groups["whole"].Value + fraction, CultureInfo.InvariantCulture);
        if (digits.IsZero)
            return 0;
        var exponent = parts.Groups["exponent"] is { Success: true } given
            ? BigInteger.Parse(given.Value, CultureInfo.InvariantCulture)
            : 0;
        var power = exponent + Decimals - fraction.Length;
        for (; power < 0 && digits % 10 == 0; power++)
            digits /= 10;
        if (power < 0 || power > 15 + Decimals)
            return null;
        var units = digits * BigInteger.Pow(10, (int)power);
        return units > Largest ? null : (Int128)(parts.Groups["minus"].Success ? -units : units);
    }

    [GeneratedRegex(
        @"^(?<minus>-)?(?<whole>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?([eE](?<exponent>[+-]?[0-9]+))?\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Number();
}
