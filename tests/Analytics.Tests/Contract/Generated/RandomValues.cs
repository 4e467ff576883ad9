namespace Analytics.Tests.Contract.Generated;

/// <summary>Texts as somebody might send them who wants to see what happens.</summary>
static class RandomValues
{
    static readonly string[] Texts =
    [
        "", " ", "x", "task.done", "\0", "a\0b", "\U0001F4A5", "e\u0301", "\u202Eabc", "\uFEFF", "\u2028", "=1+1", "-", "%", "_", "\\", "'", "\"", "`", "$1",
        "{}", "[]", "null", "true", "TRUE", "undefined", "'; drop table events; --", "../../etc/passwd", "..", "%00", "%2F", "a/b", "<script>", "{0}",
        "NaN", "Infinity", "-Infinity", "1e400", "-1", "0", "1", "1.5", "1e5", "0x10", " 1", "٣", "2147483648", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "99999999999999999999999999", "0.1234567890123", "999999999.999999999999",
        "0001-01-01", "9999-12-31", "10000-01-01", "0000-00-00", "2026-02-30", "2026-03-11", "1899-12-31", "2199-12-31", "26-3-1",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-03-11T24:00:00Z",
        "2026-03-11T09:30:00", "2026-03-11T09:30:00Z", "2026-06-30T23:59:60Z", "-infinity", "infinity", "now",
        "UTC", "Asia/Kathmandu", "Nowhere/City", "hour", "day", "year", "user", "system", "-total", "-timestamp", "--name", "csv", "usd", "admin",
        "_cost.amount", "a.b", ".", "a..b", "_cost", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "{00000000-0000-0000-0000-000000000000}", "WyItIl0", "AAAAAAAAAAAAAAAAAAAAAA", "ada@example.com", "@", "a@b@c",
    ];

    /// <summary>JSON that is not what was asked for, or no JSON at all.</summary>
    static readonly string[] Tokens =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e400", "-1e400", "1e-400", "9007199254740993", "123456789012345678901234567890", "-0", "01", "+1", "NaN",
        "Infinity", "undefined", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"\\x\"", "'x'", "[]", "{}", "[null]", "[[]]",
        "{\"a\":{}}", "{\"\":1}", "{\"a\":1,\"a\":2}", "{\"\\u0000\":1}", "{\"\\ud800\":1}", "[1,]", "/**/1", "\"unfinished", "{", "]", "\"\t\"", "\"\u0001\"",
    ];

    public static string Text(Random random) => random.Next(12) switch
    {
        0 => new string((char)random.Next('a', 'z'), random.Next(100, 3_000)),
        1 => Guid.NewGuid().ToString(),
        2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(),
        3 => string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => Character(random))),
        4 => Of(random, Texts) + Of(random, Texts),
        _ => Of(random, Texts),
    };

    public static string Token(Random random) => random.Next(12) switch
    {
        0 => new string('[', random.Next(1, 2_000)),
        1 => Nested("[", "]", random.Next(1, 200)),
        2 => Nested("{\"a\":", "}", random.Next(1, 200)).Replace(":}", ":1}", StringComparison.Ordinal),
        3 => System.Text.Json.JsonSerializer.Serialize(Text(random).Replace("\uD800", "", StringComparison.Ordinal)),
        4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 500)))}]",
        _ => Of(random, Tokens),
    };

    public static T Of<T>(Random random, IReadOnlyList<T> list) => list[random.Next(list.Count)];

    static string Nested(string open, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));

    // Any code point that is one: half characters come escaped, or as bytes.
    static string Character(Random random)
    {
        var rune = random.Next(0x10FFFF - 0x800);
        return char.ConvertFromUtf32(rune < 0xD800 ? rune : rune + 0x800);
    }
}
