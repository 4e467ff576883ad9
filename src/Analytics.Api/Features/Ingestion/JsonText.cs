using System.Text;
using System.Text.Unicode;

namespace Analytics.Features.Ingestion;

/// <summary>What makes a JSON string one that Postgres cannot keep.</summary>
enum TextFault
{
    None,
    Nul,
    LoneSurrogate,
}

/// <summary>
/// Strings as they stand between their quotes: valid UTF-8, with escapes the JSON reader has found well-formed.
/// Characters are Unicode scalar values, as Postgres counts them.
/// </summary>
static class JsonText
{
    /// <summary>Counts the characters and looks for what jsonb refuses.</summary>
    public static TextFault Inspect(ReadOnlySpan<byte> raw, bool escaped, out int characters)
    {
        if (escaped)
            return Walk(raw, [], out characters, out _);
        characters = Count(raw);
        return TextFault.None;
    }

    /// <summary>The text itself; <paramref name="into"/> must be as long as <paramref name="raw"/>, which is always enough.</summary>
    public static TextFault Unescape(ReadOnlySpan<byte> raw, Span<byte> into, out int written) =>
        Walk(raw, into, out _, out written);

    public static int Count(ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
            return utf8.Length;
        var characters = 0;
        foreach (var unit in utf8)
            if ((unit & 0xC0) != 0x80)
                characters++;
        return characters;
    }

    /// <summary>How many bytes the first characters take, all when there are no more.</summary>
    public static int BytesOf(ReadOnlySpan<byte> utf8, int characters)
    {
        if (utf8.Length <= characters)
            return utf8.Length;
        for (var at = 0; at < utf8.Length; at++)
            if ((utf8[at] & 0xC0) != 0x80 && characters-- == 0)
                return at;
        return utf8.Length;
    }

    /// <summary>Whether there is nothing but white space in it. Nearly every text shows at its first byte that there is more.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty || (utf8[0] is <= (byte)' ' or >= 0x80 && string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(utf8)));

    /// <summary>Where the first byte stands that is not UTF-8, or -1.</summary>
    public static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
            return -1;
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }

    static TextFault Walk(ReadOnlySpan<byte> raw, Span<byte> into, out int characters, out int written)
    {
        var fault = TextFault.None;
        characters = written = 0;
        for (var at = 0; at < raw.Length;)
        {
            var escape = raw[at..].IndexOf((byte)'\\');
            var plain = escape < 0 ? raw[at..] : raw.Slice(at, escape);
            characters += Count(plain);
            if (!into.IsEmpty)
                plain.CopyTo(into[written..]);
            written += plain.Length;
            at += plain.Length;
            if (escape < 0)
                break;

            var rune = Escape(raw, ref at, ref fault);
            characters++;
            written += into.IsEmpty ? rune.Utf8SequenceLength : rune.EncodeToUtf8(into[written..]);
        }
        return fault;
    }

    static Rune Escape(ReadOnlySpan<byte> raw, ref int at, ref TextFault fault)
    {
        var letter = raw[at + 1];
        if (letter != 'u')
        {
            at += 2;
            return new Rune(letter switch
            {
                (byte)'b' => '\b', (byte)'f' => '\f', (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', _ => (char)letter,
            });
        }

        var unit = Unit(raw, at);
        at += 6;
        if (unit == 0)
            fault = TextFault.Nul;
        if (!char.IsSurrogate(unit))
            return new Rune(unit);
        if (char.IsHighSurrogate(unit) && at + 6 <= raw.Length && raw[at] == '\\' && raw[at + 1] == 'u'
            && char.IsLowSurrogate(Unit(raw, at)))
        {
            var low = Unit(raw, at);
            at += 6;
            return new Rune(unit, low);
        }
        fault = TextFault.LoneSurrogate;
        return Rune.ReplacementChar;
    }

    static char Unit(ReadOnlySpan<byte> raw, int at)
    {
        var unit = 0;
        foreach (var digit in raw.Slice(at + 2, 4))
            unit = unit << 4 | (digit <= '9' ? digit - '0' : (digit & 0x5F) - 'A' + 10);
        return (char)unit;
    }
}
