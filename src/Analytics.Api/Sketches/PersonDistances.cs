using System.Buffers.Binary;

namespace Analytics.Sketches;

/// <summary>
/// Reads members of a <see cref="PersonBlock"/> from their distances to the previous member, less one. Whether the next distance
/// takes one byte or two is anybody's guess, and a processor that guesses wrong waits longer than a distance takes, so several
/// are read at once and no branch depends on a single one.
/// </summary>
static class PersonDistances
{
    /// <summary>The bits of eight bytes that say that the number goes on.</summary>
    const ulong GoesOn = 0x8080_8080_8080_8080;

    /// <summary>
    /// Fills in the members after <paramref name="last"/> (-1: from the first) up to one that belongs to another block, before
    /// whose distance it stops; gives how many there were.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> source, ref int position, int last, Span<ushort> members)
    {
        var filled = 0;
        while (filled < members.Length)
        {
            if (members.Length - filled >= 8 && source.Length - position >= 8)
            {
                var bytes = BinaryPrimitives.ReadUInt64LittleEndian(source[position..]);
                var (next, count, length) = ReadSome(bytes, last, members.Slice(filled, 8));
                if (count > 0 && next <= ushort.MaxValue)
                {
                    (last, filled, position) = (next, filled + count, position + length);
                    continue;
                }
            }

            var after = position;
            var distance = Varint.Read(source, ref after);
            if (distance >= (ulong)(ushort.MaxValue - last))
                break;
            position = after;
            members[filled++] = (ushort)(last += 1 + (int)distance);
        }

        return filled;
    }

    /// <summary>Reads eight distances of a byte each, or four of up to two bytes, or none where one is longer.</summary>
    static (int Last, int Count, int Length) ReadSome(ulong bytes, int last, Span<ushort> members)
    {
        var goesOn = bytes & GoesOn;
        if (goesOn == 0)
            return (ReadEight(bytes, last, members), 8, 8);
        return (goesOn & (goesOn << 8)) == 0 ? ReadFour(bytes, last, members) : (last, 0, 0);
    }

    static int ReadEight(ulong bytes, int last, Span<ushort> members)
    {
        for (var i = 0; i < 8; i++, bytes >>= 8)
            members[i] = (ushort)(last += 1 + (byte)bytes);
        return last;
    }

    static (int Last, int Count, int Length) ReadFour(ulong bytes, int last, Span<ushort> members)
    {
        var length = 4;
        for (var i = 0; i < 4; i++)
        {
            var second = (int)(bytes >> 7) & 1;
            last += 1 + ((int)bytes & 0x7f) + ((int)(bytes >> 1) & 0x3f80 & -second);
            members[i] = (ushort)last;
            bytes >>= 8 << second;
            length += second;
        }

        return (last, 4, length);
    }
}
