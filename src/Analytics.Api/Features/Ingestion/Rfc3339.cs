namespace Analytics.Features.Ingestion;

/// <summary>Instants as they stand in a body, read without making a string.</summary>
static class Rfc3339
{
    const long Second = 1_000_000;

    /// <summary>Microseconds since 1970; digits beyond are cut off, and a leap second is the second after it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        // 2026-03-27T10:00:00Z is the shortest.
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || text[13] != ':' || text[16] != ':')
            return false;
        if (!Digits(text[..4], 9999, out var year) || !Digits(text.Slice(5, 2), 12, out var month) || !Digits(text.Slice(8, 2), 31, out var day)
            || !Digits(text.Slice(11, 2), 23, out var hour) || !Digits(text.Slice(14, 2), 59, out var minute)
            || !Digits(text.Slice(17, 2), 60, out var second))
            return false;
        if (year == 0 || month == 0 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;

        var rest = text[19..];
        if (!Fraction(ref rest, out var fraction) || !Offset(rest, out var offset))
            return false;
        var days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        microseconds = (days * 86_400L + hour * 3_600 + minute * 60 + second - offset) * Second + fraction;
        return true;
    }

    static bool Fraction(ref ReadOnlySpan<byte> rest, out int microseconds)
    {
        microseconds = 0;
        if (rest[0] != '.')
            return true;
        var length = 1;
        for (var weight = 100_000; length < rest.Length && char.IsAsciiDigit((char)rest[length]); length++, weight /= 10)
            microseconds += (rest[length] - '0') * weight;
        rest = rest[length..];
        return length > 1;
    }

    static bool Offset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length == 1)
            return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !Digits(text.Slice(1, 2), 23, out var hours) || !Digits(text.Slice(4, 2), 59, out var minutes))
            return false;
        seconds = (hours * 3_600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    static bool Digits(ReadOnlySpan<byte> text, int most, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = value * 10 + digit - '0';
        }
        return value <= most;
    }
}
