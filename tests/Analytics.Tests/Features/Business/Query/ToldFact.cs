using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>An event or a request as it was told: when, and what it says.</summary>
sealed class ToldFact(DateTimeOffset at, JsonElement said, string? name = null, string? customer = null)
{
    readonly ConcurrentDictionary<string, (ToldValue? Value, BigInteger? Number)> known = new();

    public DateTimeOffset At { get; } = at;

    public Instant Moment { get; } = Instant.FromDateTimeOffset(at);

    public string? Name => name;

    /// <summary>What it says of a field of a question; null for nothing.</summary>
    public ToldValue? this[string field] => Known(field).Value;

    /// <summary>The number that counts of a field, in units of 1e-12.</summary>
    public BigInteger? Number(string field) => Known(field).Number;

    // Many questions ask for the same.
    (ToldValue? Value, BigInteger? Number) Known(string field) =>
        known.TryGetValue(field, out var found) ? found : known.GetOrAdd(field, Read);

    (ToldValue? Value, BigInteger? Number) Read(string field)
    {
        var value = Find(field);
        return (value, value switch
        {
            { Number: { } number } => Oracle.Units.OfNumber(number),
            { Text: { } text } when field == "_cost.amount" => Oracle.Units.OfNumber(text),
            _ => null,
        });
    }

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
sealed partial class ToldValue
{
    readonly (BigInteger Digits, int Exponent) parts;

    public ToldValue(JsonElement json) : this(
        json.ValueKind == JsonValueKind.String ? json.GetString() : null,
        json.ValueKind == JsonValueKind.Number ? json.GetRawText() : null,
        json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null)
    {
    }

    ToldValue(string? text, string? number, bool? truth)
    {
        (Text, Number, Truth) = (text, number, truth);
        if (number is not null)
            parts = Parts(number);
        Key = text is not null ? "text " + text
            : number is not null ? "number " + Canonical(parts)
            : truth is { } isTrue ? "truth " + (isTrue ? 1 : 0)
            : null;
    }

    public string? Text { get; }

    public string? Number { get; }

    public bool? Truth { get; }

    /// <summary>A text, a number or a truth value; null for objects and lists.</summary>
    public string? Key { get; }

    public static ToldValue OfText(string text) => new(text, null, null);

    /// <summary>How it is ordered: numbers, then texts, then truth values.</summary>
    public static int Compare(ToldValue one, ToldValue other) => (one, other) switch
    {
        ({ Number: not null }, { Number: not null }) => CompareNumbers(one, other),
        ({ Text: { } a }, { Text: { } b }) => string.CompareOrdinal(a, b),
        ({ Truth: { } a }, { Truth: { } b }) => a.CompareTo(b),
        _ => Rank(one) - Rank(other),
    };

    public static int CompareNumbers(ToldValue one, ToldValue other)
    {
        var ((a, b), (c, d)) = (one.parts, other.parts);
        var least = Math.Min(b, d);
        return (a * BigInteger.Pow(10, b - least)).CompareTo(c * BigInteger.Pow(10, d - least));
    }

    static int Rank(ToldValue value) => value.Number is not null ? 0 : value.Text is not null ? 1 : 2;

    /// <summary>The same for every way of writing a number.</summary>
    static string Canonical((BigInteger Digits, int Exponent) number)
    {
        var (digits, exponent) = number;
        for (; !digits.IsZero && digits % 10 == 0; exponent++)
            digits /= 10;
        return digits.IsZero ? "0" : $"{digits}e{exponent}";
    }

    static (BigInteger Digits, int Exponent) Parts(string number)
    {
        var match = Written().Match(number);
        Assert.True(match.Success, number);
        var fraction = match.Groups["fraction"].Value;
        var exponent = match.Groups["exponent"] is { Success: true } e ? int.Parse(e.Value, CultureInfo.InvariantCulture) : 0;
        var digits = BigInteger.Parse(match.Groups["whole"].Value + fraction, CultureInfo.InvariantCulture);
        return (match.Groups["minus"].Success ? -digits : digits, exponent - fraction.Length);
    }

    [GeneratedRegex(@"^(?<minus>-)?(?<whole>\d+)(\.(?<fraction>\d+))?([eE]\+?(?<exponent>-?\d+))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Written();
}
