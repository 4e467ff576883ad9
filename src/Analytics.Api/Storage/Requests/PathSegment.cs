namespace Analytics.Storage.Requests;

/// <summary>Tells the ids among a path's segments from the words.</summary>
static class PathSegment
{
    const int LongestWord = 64;
    const int LongestBytes = 4 * LongestWord;
    const int LengthOfUuid = 36;
    const int LengthOfUlid = 26;
    const int LengthOfObjectId = 24;

    // No word has as many digits, and none changes as often between letters and digits over as many characters: v1beta1, log4j2 and b2b2c
    // do it three times in a few.
    const int DigitsOfId = 8;
    const int ChangesOfId = 3;
    const int MixedOfId = 10;

    /// <summary>
    /// Whether all of it is a UUID, an integer, a ULID, 24 hexadecimal digits, an e-mail address, another long mixed id, or longer than any
    /// word. Percent-encoding counts as what it stands for.
    /// </summary>
    public static bool IsId(ReadOnlySpan<byte> segment)
    {
        if (!segment.Contains((byte)'%'))
            return IsIdAsWritten(segment);
        Span<byte> room = stackalloc byte[LongestBytes];
        return !TryDecode(segment, room, out var length) || IsIdAsWritten(room[..length]);
    }

    static bool IsIdAsWritten(ReadOnlySpan<byte> text) => text.Length switch
    {
        0 => false,
        LengthOfUuid when IsUuid(text) => true,
        LengthOfUlid when IsUlid(text) => true,
        LengthOfObjectId when AreHex(text) => true,
        > LongestWord when Characters(text) > LongestWord => true,
        _ => IsInteger(text) || IsMixed(text) || IsEmail(text),
    };

    // False when there is more than there is room for, which is longer than any word. A percent sign without two digits stands for itself.
    static bool TryDecode(ReadOnlySpan<byte> segment, Span<byte> room, out int length)
    {
        length = 0;
        for (var at = 0; at < segment.Length; at++, length++)
        {
            if (length == room.Length)
                return false;
            var isEncoded = segment[at] == '%' && at + 2 < segment.Length && IsHex(segment[at + 1]) && IsHex(segment[at + 2]);
            room[length] = isEncoded ? (byte)(ValueOf(segment[at + 1]) << 4 | ValueOf(segment[at + 2])) : segment[at];
            if (isEncoded)
                at += 2;
        }
        return true;
    }

    static int Characters(ReadOnlySpan<byte> utf8)
    {
        var characters = 0;
        foreach (var unit in utf8)
            if ((unit & 0xC0) != 0x80)
                characters++;
        return characters;
    }

    static bool IsInteger(ReadOnlySpan<byte> text) =>
        !text[(text is [(byte)'-', _, ..] ? 1 : 0)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    static bool IsUuid(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
            if (at is 8 or 13 or 18 or 23 ? text[at] != '-' : !IsHex(text[at]))
                return false;
        return true;
    }

    // Crockford's base 32, of which the first character has three bits only.
    static bool IsUlid(ReadOnlySpan<byte> text)
    {
        foreach (var unit in text)
            if (!char.IsAsciiLetterOrDigit((char)unit) || (unit | 0x20) is 'i' or 'l' or 'o' or 'u')
                return false;
        return text[0] <= '7';
    }

    static bool AreHex(ReadOnlySpan<byte> text)
    {
        foreach (var unit in text)
            if (!IsHex(unit))
                return false;
        return true;
    }

    // Something@example.com, whoever that is.
    static bool IsEmail(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf((byte)'@');
        if (at <= 0)
            return false;
        var domain = text[(at + 1)..];
        var dot = domain.LastIndexOf((byte)'.');
        return dot > 0 && domain.Length - dot > 2 && !char.IsAsciiDigit((char)domain[dot + 1]);
    }

    static bool IsMixed(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAnyInRange((byte)'0', (byte)'9'))
            return false;
        var (digits, mixed) = (0, 0);
        var (run, changes) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            var isDigit = char.IsAsciiDigit((char)text[at]);
            if (isDigit)
                digits++;
            if (isDigit || char.IsAsciiLetter((char)text[at]))
            {
                if (run++ > 0 && isDigit != char.IsAsciiDigit((char)text[at - 1]))
                    changes++;
            }
            else
                EndRun();
        }
        EndRun();
        return digits >= DigitsOfId || mixed >= MixedOfId;

        void EndRun()
        {
            if (changes >= ChangesOfId)
                mixed += run;
            run = changes = 0;
        }
    }

    static bool IsHex(byte unit) => char.IsAsciiHexDigit((char)unit);

    static int ValueOf(byte digit) => digit <= '9' ? digit - '0' : (digit & 0x5F) - 'A' + 10;
}
