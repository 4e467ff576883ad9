using System.Globalization;
using System.Numerics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>What an answer says that the model does not.</summary>
sealed class AnswerComparison
{
    readonly List<string> differences = [];

    public List<string> Differences => differences;

    public void Fail(string message) => differences.Add(message);

    public void Same<T>(string what, T expected, T answered)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, answered))
            Fail($"{what}: expected {expected}, got {answered}");
    }

    /// <summary>The same texts, in the same order; the first that differ are told.</summary>
    public void SameList(string what, IReadOnlyList<string> expected, IReadOnlyList<string> answered)
    {
        Same($"number of {what}", expected.Count, answered.Count);
        foreach (var (at, (should, does)) in expected.Zip(answered).Index().Where(pair => pair.Item.First != pair.Item.Second).Take(3))
            Fail($"{what} {at}: expected {should}, got {does}");
    }

    /// <summary>An object has these members and no others.</summary>
    public void Members(string what, JsonElement row, params string[] expected) => Same(
        $"members of {what}",
        string.Join(',', expected.Order(StringComparer.Ordinal)),
        string.Join(',', row.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)));

    public void Text(string what, string? expected, JsonElement row, string member)
    {
        var answered = Find(row, member) is { ValueKind: not JsonValueKind.Null } value ? value.ToString() : "null";
        Same($"{what} {member}", expected ?? "null", answered);
    }

    public void Time(string what, Instant expected, JsonElement row, string member) =>
        Same($"{what} {member}", expected, Find(row, member) is { ValueKind: JsonValueKind.String } text ? InstantOf(text) : default);

    /// <summary>A whole number, written as one.</summary>
    public void Whole(string what, BigInteger expected, JsonElement row, string member)
    {
        var answered = Find(row, member) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : "no number";
        Same($"{what} {member}", $"{expected}", answered);
    }

    /// <summary>A quotient with 2 decimals; a tie may go either way, and divided by nothing is 0.</summary>
    public void Rounded(string what, BigInteger dividend, BigInteger divisor, JsonElement row, string member)
    {
        var answered = Number(row, member);
        var hundredths = answered * 100;
        if (decimal.Truncate(hundredths) != hundredths)
            Fail($"{what} {member}: {answered} has more than 2 decimals");
        else if (divisor.IsZero
            ? hundredths != 0
            : BigInteger.Abs((BigInteger)hundredths * divisor - dividend * 100) * 2 > BigInteger.Abs(divisor))
            Fail($"{what} {member}: expected {dividend} / {divisor}, got {answered}");
    }

    public void Percent(string what, BigInteger part, BigInteger all, JsonElement row, string member) =>
        Rounded(what, part * 100, all, row, member);

    /// <summary>Milliseconds of microseconds.</summary>
    public void Average(string what, Counted counted, JsonElement row, string member) =>
        Rounded(what, counted.Latency, (BigInteger)counted.Latencies.Length * 1000, row, member);

    public void Percentile(string what, Counted counted, int percentile, bool exact, JsonElement row, string? member = null) =>
        Near(what, Estimate.Of(counted.Latencies, percentile, exact), row, member ?? $"p{percentile}");

    public void Near(string what, Estimate estimate, JsonElement row, string member)
    {
        var answered = Number(row, member) * Estimate.OfMillisecond;
        if (answered < estimate.Low || answered > estimate.High)
            Fail($"{what} {member}: expected {estimate}, got {answered / Estimate.OfMillisecond}");
    }

    /// <summary>Rates of what is counted, as several answers tell them.</summary>
    public void Rates(string what, Counted counted, JsonElement row)
    {
        Percent(what, counted.Errors, counted.Count, row, "errorRate");
        Percent(what, counted.ClientErrors, counted.Count, row, "clientErrorRate");
        Percent(what, counted.ServerErrors, counted.Count, row, "serverErrorRate");
    }

    public decimal Number(JsonElement row, string member)
    {
        if (Find(row, member) is { ValueKind: JsonValueKind.Number } number)
            return decimal.Parse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);
        Fail($"{member} is no number");
        return 0;
    }

    /// <summary>The items of a list; none where there is no list.</summary>
    public List<JsonElement> Items(JsonElement answer, string member)
    {
        if (Find(answer, member) is { ValueKind: JsonValueKind.Array } list)
            return [.. list.EnumerateArray()];
        Fail($"{member} is no list");
        return [];
    }

    /// <summary>What the rows have as a member.</summary>
    public static List<string> Texts(List<JsonElement> rows, string member) => rows.ConvertAll(row => row.GetProperty(member).ToString());

    /// <summary>An instant in UTC, with <c>Z</c>.</summary>
    public Instant InstantOf(JsonElement text)
    {
        if (text.GetString() is { } value && InstantPattern.ExtendedIso.Parse(value) is { Success: true } instant)
            return instant.Value;
        Fail($"{text} is no instant");
        return default;
    }

    static JsonElement? Find(JsonElement row, string member) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(member, out var value) ? value : null;
}
