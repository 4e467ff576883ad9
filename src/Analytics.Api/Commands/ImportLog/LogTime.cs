namespace Analytics.Commands.ImportLog;

/// <summary>The time of a log line, <c>10/Oct/2000:13:55:36 -0700</c>.</summary>
static class LogTime
{
    public const int Length = 26;

    /// <summary>Milliseconds since 1970, UTC; false for anything that is no such time. A leap second is the second before it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text is not [_, _, (byte)'/', _, _, _, (byte)'/', _, _, _, _, (byte)':', _, _, (byte)':', _, _, (byte)':', _, _, (byte)' ',
            _, _, _, _, _])
            return false;
        var (year, month, day) = (Digits(text[7..11]), Month(text[3..6]), Digits(text[..2]));
        var (hour, minute, second) = (Digits(text[12..14]), Digits(text[15..17]), Digits(text[18..20]));
        if (year < 1 || month == 0 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60 || !TryReadOffset(text[21..], out var offset))
            return false;
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc);
        milliseconds = ((local - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond) - (offset * 60_000L);
        return true;
    }

    // Minutes east of Greenwich.
    static bool TryReadOffset(ReadOnlySpan<byte> text, out int offset)
    {
        var (hours, minutes) = (Digits(text[1..3]), Digits(text[3..5]));
        offset = ((hours * 60) + minutes) * (text[0] == '-' ? -1 : 1);
        return hours is >= 0 and <= 14 && minutes is >= 0 and <= 59 && (text[0] is (byte)'+' or (byte)'-');
    }

    static int Month(ReadOnlySpan<byte> name) => (name[0], name[1], name[2]) switch
    {
        ((byte)'J', (byte)'a', (byte)'n') => 1,
        ((byte)'F', (byte)'e', (byte)'b') => 2,
        ((byte)'M', (byte)'a', (byte)'r') => 3,
        ((byte)'A', (byte)'p', (byte)'r') => 4,
        ((byte)'M', (byte)'a', (byte)'y') => 5,
        ((byte)'J', (byte)'u', (byte)'n') => 6,
        ((byte)'J', (byte)'u', (byte)'l') => 7,
        ((byte)'A', (byte)'u', (byte)'g') => 8,
        ((byte)'S', (byte)'e', (byte)'p') => 9,
        ((byte)'O', (byte)'c', (byte)'t') => 10,
        ((byte)'N', (byte)'o', (byte)'v') => 11,
        ((byte)'D', (byte)'e', (byte)'c') => 12,
        _ => 0,
    };

    // -1 when one of them is no digit.
    static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit((char)character))
                return -1;
            number = (number * 10) + character - '0';
        }

        return number;
    }
}
