using System.Buffers.Text;

namespace Analytics.Benchmarks;

/// <summary>A growing buffer of UTF-8: JSON by hand, so that making an event costs well under a microsecond.</summary>
public sealed class Utf8Text
{
    byte[] buffer = new byte[4_096];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public Span<byte> Reserve(int bytes)
    {
        if (Length + bytes > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + bytes));
        var span = buffer.AsSpan(Length, bytes);
        Length += bytes;
        return span;
    }

    /// <summary>Overwrites what was reserved before.</summary>
    public Span<byte> At(int start, int bytes) => buffer.AsSpan(start, bytes);

    public void Add(ReadOnlySpan<byte> text) => text.CopyTo(Reserve(text.Length));

    public void Number(long value)
    {
        var room = Reserve(20);
        Utf8Formatter.TryFormat(value, room, out var written);
        Length -= room.Length - written;
    }

    /// <summary>Exactly <paramref name="digits"/> digits, zeros in front.</summary>
    public void Digits(long value, int digits)
    {
        var room = Reserve(digits);
        for (var at = digits - 1; at >= 0; at--, value /= 10)
            room[at] = (byte)('0' + value % 10);
    }

    public void Hex(ulong value)
    {
        var room = Reserve(16);
        for (var at = 15; at >= 0; at--, value >>= 4)
            room[at] = "0123456789abcdef"u8[(int)(value & 0xF)];
    }

    /// <summary>RFC 3339 in UTC, of microseconds since 1970.</summary>
    public void Time(long microseconds)
    {
        var time = DateTime.UnixEpoch.AddTicks(microseconds * 10);
        Digits(time.Year, 4);
        Add("-"u8);
        Digits(time.Month, 2);
        Add("-"u8);
        Digits(time.Day, 2);
        Add("T"u8);
        Digits(time.Hour, 2);
        Add(":"u8);
        Digits(time.Minute, 2);
        Add(":"u8);
        Digits(time.Second, 2);
        Add("."u8);
        Digits(microseconds % 1_000_000, 6);
        Add("Z"u8);
    }
}
