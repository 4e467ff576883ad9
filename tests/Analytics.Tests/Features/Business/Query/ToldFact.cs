using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;


namespace Analytics.Tests.Features.Business.Query;

/// <summary>An event or a request as it was told: when, and what it says.</summary>
sealed class ToldFact(DateTimeOffset at, JsonElement said, string? name = null, string? customer = null)
{
    readonly ConcurrentDictionary<string, ToldValue?> known = new();

    public DateTimeOffset At => at;

    public string? Name => name;

    /// <summary>What it says of a field of a question; null for nothing.</summary>
    public ToldValue? this[string field] => known.GetOrAdd(field, Find);

    /// <summary>The number that counts of a field, in units of 1e-12.</summary>
    public BigInteger? Number(string field) => this[field] switch
    {
        { Number: { } number } => Oracle.Units.OfNumber(number),
        { Text: { } text } when field == "_cost.amount" => Oracle.Units.OfNumber(text),
        _ => null,
    };

    ToldValue? Find(string field) => field switch
    {
        "name" when name is not null => ToldValue.OfText(name),
        "customer" => customer is null ? null : ToldValue.OfText(customer),
        "metadata.name" or "metadata.customer" => Find(said, field["metadata.".Length..]),
        _ => Find(said, field),
    };

    // A literal key first, then nesting.
    static ToldValue? Find(JsonElement place, string path)
    {
        if (place.ValueKind != JsonValueKind.Object)
            return null;
        if (place.TryGetProperty(path, out var literal))
            return literal.ValueKind == JsonValueKind.Null ? null : new ToldValue(literal);
        return path.Split('.', 2) is [var head, var rest] && place.TryGetProperty(head, out var inner) ? Find(inner, rest) : null;
    }
}

/// <summary>A value, and what it is told apart by.</summary>
sealed partial record ToldValue(string? Text, string? Number, bool? Truth)
{
    public ToldValue(JsonElement json) : this(
        json.ValueKind == JsonValueKind.String ? json.GetString() : null,
        json.ValueKind == JsonValueKind.Number ? json.GetRawText() : null,
        json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null)
    {
    }

    /// <summary>A text, a number or a truth value; null for objects and lists.</summary>
    public string? Key => Text is not null ? "text " + Text
        : Number is not null ? "number " + Canonical(Number)
        : Truth is not null ? "truth " + (Truth.Value ? 1 : 0)
        : null;

    public static ToldValue OfText(string text) => new(text, null, null);

    /// <summary>How it is ordered: numbers, then texts, then truth values.</summary>
    public static int Compare(ToldValue one, ToldValue other) => (one, other) switch
    {
        ({ Number: { } a }, { Number: { } b }) => CompareNumbers(a, b),
        ({ Text: { } a }, { Text: { } b }) => string.CompareOrdinal(a, b),
        ({ Truth: { } a }, { Truth: { } b }) => a.CompareTo(b),
        _ => Rank(one) - Rank(other),
    };

    public static int CompareNumbers(string one, string other)
    {
        var ((a, b), (c, d)) = (Parts(one), Parts(other));
        var least = Math.Min(b, d);
        return (a * BigInteger.Pow(10, b - least)).CompareTo(c * BigInteger.Pow(10, d - least));
    }

    static int Rank(ToldValue value) => value.Number is not null ? 0 : value.Text is not null ? 1 : 2;

    /// <summary>The same for every way of writing a number.</summary>
    static string Canonical(string number)
    {
        var (digits, exponent) = Parts(number);
        for (; !digits.IsZero && digits % 10 == 0; exponent++)
            digits /= 10;
        return digits.IsZero ? "0" : $"{digits}e{exponent}";
    }

    static (BigInteger Digits, int Exponent) Parts(string number)
    {
        var parts = Written().Match(number);
        Assert.True(parts.Success, number);
        var fraction = parts.Groups["fraction"].Value;
        var exponent = parts.Groups["exponent"] is { Success: true } e ? int.Parse(e.Value, CultureInfo.InvariantCulture) : 0;
        var digits = BigInteger.Parse(parts.Groups["whole"].Value + fraction, CultureInfo.InvariantCulture);
        return (parts.Groups["minus"].Success ? -digits : digits, exponent - fraction.Length);
    }

    [GeneratedRegex(@"^(?<minus>-)?(?<whole>\d+)(\.(?<fraction>\d+))?([eE]\+?(?<exponent>-?\d+))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Written();
}
