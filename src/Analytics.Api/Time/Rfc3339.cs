using System.Buffers;
using System.Globalization;
using System.Text;

namespace Analytics.Time;

/// <summary>Timestamps as RFC 3339 writes them. Reading insists on an offset; writing is always UTC with Z.</summary>
static class Rfc3339
{
    /// <summary>The most bytes a written timestamp takes.</summary>
    public const int Longest = 27;

    const int Shortest = 20;
    const int LongestRead = 64;

    /// <summary>Reads microseconds since 1970-01-01 UTC; finer fractions are cut off. Years 0001 to 9999.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length is < Shortest or > LongestRead || !TryDate(text[..10], out var date) || text[10] is not ((byte)'T' or (byte)'t'))
            return false;
        var (hour, minute, second) = (Two(text, 11), Two(text, 14), Two(text, 17));
        if (text[13] != ':' || text[16] != ':' || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
            return false;
        var at = 19;
        if (!TryFraction(text, ref at, out var fraction) || !TryOffset(text[at..], out var offset))
            return false;
        var minutes = (date.DayNumber * 1440L) + (hour * 60) + minute - offset;
        const long end = 3_652_059L * 1440;
        // A leap second ends a day of UTC; it is counted as the second after it, which the last day has not.
        if (second == 60 && (minutes % 1440 != 1439 || minutes == end - 1))
            return false;
        const long epoch = 719_162L * 86_400;
        microseconds = (((minutes * 60) + second - epoch) * 1_000_000) + fraction;
        return minutes is >= 0 and < end;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out long)"/>
    public static bool TryParse(string? text, out long microseconds)
    {
        microseconds = 0;
        Span<byte> bytes = stackalloc byte[LongestRead];
        return text is { Length: >= Shortest and <= LongestRead } && Ascii.FromUtf16(text, bytes, out var length) == OperationStatus.Done
            && TryParse(bytes[..length], out microseconds);
    }

    /// <summary>Reads a calendar date, YYYY-MM-DD and nothing else.</summary>
    public static bool TryParseDate(string? text, out DateOnly date)
    {
        date = default;
        Span<byte> bytes = stackalloc byte[10];
        return text is { Length: 10 } && Ascii.FromUtf16(text, bytes, out _) == OperationStatus.Done && TryDate(bytes, out date);
    }

    public static string Format(DateTimeOffset instant) => Format(Microseconds(instant));

    /// <summary>Microseconds since 1970-01-01 UTC, the grain of timestamps; what is finer is cut off.</summary>
    public static long Microseconds(DateTimeOffset instant) =>
        (instant.UtcTicks / TimeSpan.TicksPerMicrosecond) - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    public static long Microseconds(DateOnly date) => Microseconds(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));

    public static DateTimeOffset ToInstant(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>As yyyy-MM-ddTHH:mm:ssZ, with six digits of fraction unless they are all 0.</summary>
    public static string Format(long microseconds)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        return Encoding.ASCII.GetString(bytes[..Write(bytes, microseconds)]);
    }

    /// <summary>As <see cref="Format(long)"/>; answers how many bytes that took.</summary>
    public static int Write(Span<byte> target, long microseconds)
    {
        var instant = ToInstant(microseconds);
        // A standard format and a number are many times as fast as formats that are spelled out.
        instant.TryFormat(target, out var length, "s", CultureInfo.InvariantCulture);
        var fraction = instant.Ticks / TimeSpan.TicksPerMicrosecond % 1_000_000;
        if (fraction != 0)
        {
            target[length++] = (byte)'.';
            fraction.TryFormat(target[length..], out var digits, "D6", CultureInfo.InvariantCulture);
            length += digits;
        }
        target[length] = (byte)'Z';
        return length + 1;
    }

    static bool TryDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        int high = Two(text, 0), low = Two(text, 2), month = Two(text, 5), day = Two(text, 8);
        if (text[4] != '-' || text[7] != '-' || high < 0 || low < 0 || high + low == 0 || month is < 1 or > 12
            || day < 1 || day > DateTime.DaysInMonth((high * 100) + low, month))
        {
            return false;
        }
        date = new DateOnly((high * 100) + low, month, day);
        return true;
    }

    static bool TryFraction(ReadOnlySpan<byte> text, ref int at, out int microseconds)
    {
        microseconds = 0;
        if (text[at] != '.')
            return true;
        var start = ++at;
        for (var unit = 100_000; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++, unit /= 10)
            microseconds += (text[at] - '0') * unit;
        return at > start;
    }

    /// <summary>Minutes east of UTC.</summary>
    static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
            return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;
        var (hour, minute) = (Two(text, 1), Two(text, 4));
        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    /// <summary>Two digits as a number, -1 when they are none.</summary>
    static int Two(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0', ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? (tens * 10) + ones : -1;
    }
}
