using System.Runtime.CompilerServices;

namespace Analytics.Sketches;

/// <summary>
/// Little-endian base 128 numbers, signed ones zigzagged. Bytes that are no such number throw <see cref="InvalidDataException"/>.
/// </summary>
static class Varint
{
    /// <summary>The most bytes a 64-bit number takes.</summary>
    public const int Longest = 10;

    /// <summary>The most bytes a 128-bit number takes.</summary>
    public const int Longest128 = 19;

    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    public static UInt128 Zigzag(Int128 value) => (UInt128)((value << 1) ^ (value >> 127));

    public static Int128 Unzigzag(UInt128 value) => (Int128)(value >> 1) ^ -(Int128)(value & 1);

    /// <summary>Writes at the start of <paramref name="target"/> and answers how many bytes that took.</summary>
    public static int Write(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    /// <inheritdoc cref="Write(Span{byte}, ulong)"/>
    public static int Write(Span<byte> target, UInt128 value)
    {
        var length = 0;
        for (; value > ulong.MaxValue; value >>= 7)
            target[length++] = (byte)((byte)value | 0x80);
        return length + Write(target[length..], (ulong)value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> source, ref int position)
    {
        var at = position;
        if ((uint)at < (uint)source.Length && source[at] < 0x80)
        {
            position = at + 1;
            return source[at];
        }
        if ((uint)(at + 1) < (uint)source.Length && source[at + 1] < 0x80)
        {
            position = at + 2;
            return ((ulong)source[at + 1] << 7) | (source[at] & 0x7Fu);
        }
        return ReadLonger(source, ref position);
    }

    public static ulong Read(ref ReadOnlySpan<byte> source)
    {
        var position = 0;
        var value = Read(source, ref position);
        source = source[position..];
        return value;
    }

    public static long ReadZigzag(ReadOnlySpan<byte> source, ref int position) => Unzigzag(Read(source, ref position));

    public static long ReadZigzag(ref ReadOnlySpan<byte> source) => Unzigzag(Read(ref source));

    public static UInt128 ReadUInt128(ReadOnlySpan<byte> source, ref int position)
    {
        // Nearly all of them fit into 63 bits.
        ulong low = 0;
        for (var shift = 0; shift < 63 && (uint)position < (uint)source.Length; shift += 7)
        {
            var next = source[position++];
            low |= (next & 0x7FUL) << shift;
            if (next < 0x80)
                return low;
        }

        UInt128 value = low;
        for (var shift = 63; shift < 7 * Longest128; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
                break;
            var next = source[position++];
            // The 19th byte holds the top two bits only.
            if (shift == 126 && next > 3)
                break;
            value |= (UInt128)(next & 0x7Fu) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken();
    }

    public static Int128 ReadInt128(ReadOnlySpan<byte> source, ref int position) => Unzigzag(ReadUInt128(source, ref position));

    public static Int128 ReadInt128(ref ReadOnlySpan<byte> source)
    {
        var position = 0;
        var value = ReadInt128(source, ref position);
        source = source[position..];
        return value;
    }

    /// <summary>Reads how many items follow; each takes at least a byte, so that broken data cannot ask for gigabytes.</summary>
    internal static int ReadLength(ReadOnlySpan<byte> source, ref int position)
    {
        var length = Read(source, ref position);
        return length <= (ulong)(source.Length - position) ? (int)length : throw Broken();
    }

    internal static InvalidDataException Broken() => new("The sketch's bytes are cut off or damaged.");

    static ulong ReadLonger(ReadOnlySpan<byte> source, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
                break;
            var next = source[position++];
            // The tenth byte holds the top bit only.
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7Fu) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken();
    }
}
