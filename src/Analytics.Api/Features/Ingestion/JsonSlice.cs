using System.Text;
using System.Text.Json;

namespace Analytics.Features.Ingestion;

/// <summary>Where a JSON value stands in the body. Strings without their quotes, containers with their brackets.</summary>
readonly record struct JsonSlice(JsonTokenType Kind, int Start, int Length, bool Escaped)
{
    /// <summary>
    /// Far more than any fact may nest, so that nesting is reported at its pointer, and far less than would cost memory.
    /// </summary>
    public static readonly JsonReaderOptions Reading = new() { MaxDepth = 1_000 };

    /// <summary>Not sent, or null, which counts as not sent.</summary>
    public bool IsAbsent => Kind is JsonTokenType.None or JsonTokenType.Null;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> body) => body.Slice(Start, Length);

    public bool Is(ReadOnlySpan<byte> body, ReadOnlySpan<byte> text)
    {
        if (!Escaped)
            return In(body).SequenceEqual(text);
        // Only a key written with escapes comes here; an escape never makes a text longer.
        if (Length > 6 * 255)
            return false;
        Span<byte> plain = stackalloc byte[Length];
        return JsonText.Unescape(In(body), plain, out var written) == TextFault.None && plain[..written].SequenceEqual(text);
    }

    /// <summary>A string's content, in memory of its own; halves of surrogate pairs are replaced.</summary>
    public byte[] Unescaped(ReadOnlySpan<byte> body)
    {
        var plain = new byte[Length];
        JsonText.Unescape(In(body), plain, out var written);
        return plain[..written];
    }

    /// <summary>The content of a string that holds an id, a time or a number: a longer one than those can be stays as it stands.</summary>
    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> body) => Escaped && Length <= 1_024 ? Unescaped(body) : In(body);

    public string Text(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(Escaped ? Unescaped(body) : In(body));

    /// <summary>The value the reader stands on, which is skipped when it is a container.</summary>
    public static JsonSlice Take(ref Utf8JsonReader reader, int offset = 0)
    {
        var kind = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        if (kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
            return new JsonSlice(kind, offset + start, (int)reader.BytesConsumed - start, Escaped: false);
        }
        var quote = kind is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;
        return new JsonSlice(kind, offset + start + quote, reader.ValueSpan.Length, reader.ValueIsEscaped);
    }

    /// <summary>The named members of an object that was read before; the last of a repeated key wins, as in jsonb.</summary>
    public void Members(ReadOnlySpan<byte> body, ReadOnlySpan<byte[]> names, Span<JsonSlice> values)
    {
        values.Clear();
        var reader = new Utf8JsonReader(In(body), Reading);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = IndexOf(body, Take(ref reader, Start), names);
            reader.Read();
            var value = Take(ref reader, Start);
            if (member >= 0)
                values[member] = value;
        }
    }

    /// <summary>Which of the names the key is, -1 for none; they are compared from <paramref name="first"/> on, then the others.</summary>
    public static int IndexOf(ReadOnlySpan<byte> body, JsonSlice key, ReadOnlySpan<byte[]> names, int first = 0)
    {
        for (var at = first; at < names.Length; at++)
            if (key.Is(body, names[at]))
                return at;
        for (var at = 0; at < first; at++)
            if (key.Is(body, names[at]))
                return at;
        return -1;
    }
}
