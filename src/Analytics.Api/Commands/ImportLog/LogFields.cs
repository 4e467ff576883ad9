namespace Analytics.Commands.ImportLog;

/// <summary>The fields of a log line one after the other: words between blanks, or text in quotes, in which <c>\"</c> is no end.</summary>
ref struct LogFields(ReadOnlySpan<byte> rest)
{
    ReadOnlySpan<byte> rest = rest;

    /// <summary>The next field, without its quotes; false at the end, and for quotes that do not end.</summary>
    public bool TryNext(out ReadOnlySpan<byte> field, out bool quoted)
    {
        rest = rest.TrimStart((byte)' ');
        quoted = rest is [(byte)'"', ..];
        return quoted ? TryQuoted(out field) : TryWord(out field);
    }

    bool TryQuoted(out ReadOnlySpan<byte> field)
    {
        var end = 1;
        while (end < rest.Length)
        {
            var found = rest[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                break;
            end += found;
            if (rest[end] == '"')
            {
                field = rest[1..end];
                rest = rest[(end + 1)..];
                return true;
            }

            end += 2;
        }

        field = default;
        return false;
    }

    bool TryWord(out ReadOnlySpan<byte> field)
    {
        var end = rest.IndexOf((byte)' ');
        field = end < 0 ? rest : rest[..end];
        rest = rest[field.Length..];
        return !field.IsEmpty;
    }
}
