using System.Text;

namespace Analytics.Features.Ingestion;

/// <summary>What clients and logs write for a request's method and path, and what is kept of it.</summary>
static class RequestTarget
{
    static ReadOnlySpan<byte> SchemeEnd => "://"u8;

    public static bool IsMethod(ReadOnlySpan<byte> text)
    {
        foreach (var unit in text)
            if (!char.IsAsciiLetterOrDigit((char)unit) && unit is not ((byte)'-' or (byte)'_'))
                return false;
        return true;
    }

    public static ReadOnlyMemory<byte> InCapitals(ReadOnlyMemory<byte> method)
    {
        if (!method.Span.ContainsAnyInRange((byte)'a', (byte)'z'))
            return method;
        var capitals = new byte[method.Length];
        Ascii.ToUpper(method.Span, capitals, out _);
        return capitals;
    }

    /// <summary>Without query string and fragment, and of a full URL without scheme and host.</summary>
    public static ReadOnlyMemory<byte> PathOf(ReadOnlyMemory<byte> target)
    {
        if (target.Span.IndexOfAny((byte)'?', (byte)'#') is >= 0 and var end)
            target = target[..end];
        var scheme = target.Span.IndexOf(SchemeEnd);
        if (scheme < 0 || !IsScheme(target.Span[..scheme]))
            return target;
        var behind = target[(scheme + SchemeEnd.Length)..];
        var path = behind.Span.IndexOf((byte)'/');
        return path < 0 ? default : behind[path..];
    }

    /// <summary>With a slash in front; <c>*</c>, which asks about the server itself, is no path and stays.</summary>
    public static ReadOnlyMemory<byte> Rooted(ReadOnlyMemory<byte> path) =>
        path.Span is [(byte)'/', ..] or [(byte)'*'] ? path : (byte[])[(byte)'/', .. path.Span];

    /// <summary>U+0000 to U+001F and U+007F to U+009F; the upper ones are two bytes.</summary>
    public static bool HasControls(ReadOnlySpan<byte> utf8)
    {
        if (utf8.ContainsAnyInRange((byte)0, (byte)0x1F) || utf8.Contains((byte)0x7F))
            return true;
        for (var at = utf8.IndexOf((byte)0xC2); at >= 0 && at + 1 < utf8.Length;)
        {
            if (utf8[at + 1] <= 0x9F)
                return true;
            var next = utf8[(at + 1)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;
    }

    /// <summary>What logs and proxies write where they have nothing.</summary>
    public static bool IsNone(ReadOnlySpan<byte> text) =>
        JsonText.IsBlank(text) || text is [(byte)'-'] || Ascii.EqualsIgnoreCase(text, "unknown"u8);

    static bool IsScheme(ReadOnlySpan<byte> text)
    {
        foreach (var unit in text)
            if (!char.IsAsciiLetterOrDigit((char)unit) && unit is not ((byte)'+' or (byte)'-' or (byte)'.'))
                return false;
        return text.Length > 0 && char.IsAsciiLetter((char)text[0]);
    }
}
