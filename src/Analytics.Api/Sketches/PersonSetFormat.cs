using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Analytics.Sketches;

/// <summary>
/// The bytes of a <see cref="PersonSet"/>. The first number, when even, is twice the count of members, which follow as
/// distances. When odd it tells the blocks that follow, each with its upper bits and its members as distances or, where
/// that is shorter, as the words of a bitmap from the first to the last that holds somebody. A distance is that to the previous
/// member, less one.
/// </summary>
static class PersonSetFormat
{
    const int BitmapBytes = PersonBlock.Words * 8;

    /// <summary>Says instead of twice the count of members that words of a bitmap follow; odd counts are whole bitmaps of former times.</summary>
    const ulong SomeWords = 1;

    public static void Write(ByteWriter writer, PersonSet set)
    {
        foreach (var block in set.Blocks)
        {
            if (IsDense(block))
            {
                WriteBlocks(writer, set);
                return;
            }
        }
        writer.WriteVarint((ulong)set.Count << 1);
        long last = -1;
        foreach (var person in set)
        {
            writer.WriteVarint((ulong)(person - last - 1));
            last = person;
        }
    }

    public static void WriteOne(ByteWriter writer, int person)
    {
        writer.WriteByte(1 << 1);
        writer.WriteVarint((ulong)person);
    }

    /// <summary>Adds the members of the set at the start of the source to <paramref name="target"/> and moves past it.</summary>
    public static void Read(ref ReadOnlySpan<byte> source, PersonSet target)
    {
        var position = 0;
        var header = Varint.Read(source, ref position);
        if (header >> 1 > (ulong)(source.Length - position))
            throw Varint.Broken();
        if ((header & 1) == 0)
            ReadMembers(source, ref position, target, (int)(header >> 1));
        else
            ReadBlocks(source, ref position, target, (int)(header >> 1));
        source = source[position..];
    }

    static void WriteBlocks(ByteWriter writer, PersonSet set)
    {
        var blocks = 0;
        foreach (var block in set.Blocks)
            blocks += block.Count > 0 ? 1 : 0;
        writer.WriteVarint(((ulong)blocks << 1) | 1);
        for (var i = 0; i < set.Blocks.Length; i++)
        {
            var block = set.Blocks[i];
            if (block.Count == 0)
                continue;
            writer.WriteVarint(set.Highs[i]);
            if (IsDense(block))
                WriteWords(writer, block);
            else
                WriteMembers(writer, block);
        }
    }

    /// <summary>Whether a bitmap is shorter: members take a byte each at least.</summary>
    static bool IsDense(in PersonBlock block)
    {
        var (first, last) = block.Ends;
        return block.Count > 16 + ((last >> 6) - (first >> 6)) * 8;
    }

    static void WriteWords(ByteWriter writer, in PersonBlock block)
    {
        var (first, last) = block.Ends;
        Span<ulong> words = stackalloc ulong[PersonBlock.Words];
        words.Clear();
        var at = -1;
        while (block.Next(ref at, out var member))
            words[member >> 6] |= 1UL << member;
        words = words[(first >> 6)..((last >> 6) + 1)];
        writer.WriteVarint(SomeWords);
        writer.WriteVarint((ulong)first >> 6);
        writer.WriteVarint((ulong)words.Length);
        writer.WriteBytes(MemoryMarshal.AsBytes(words));
    }

    static void WriteMembers(ByteWriter writer, in PersonBlock block)
    {
        writer.WriteVarint((ulong)block.Count << 1);
        int at = -1, last = -1;
        while (block.Next(ref at, out var member))
        {
            writer.WriteVarint((ulong)(member - last - 1));
            last = member;
        }
    }

    static void ReadMembers(ReadOnlySpan<byte> source, ref int position, PersonSet target, int count)
    {
        if (count == 1)
        {
            target.Add(After(-1, Varint.Read(source, ref position)));
            return;
        }
        var members = ArrayPool<ushort>.Shared.Rent(Math.Min(count, 1 << 16));
        int high = 0, filled = 0;
        long last = -1;
        for (var i = 0; i < count; i++)
        {
            last = After(last, Varint.Read(source, ref position));
            if (last >> 16 != high)
            {
                if (filled > 0)
                    target.Block(high).Union(members.AsSpan(0, filled));
                (high, filled) = ((int)(last >> 16), 0);
            }
            members[filled++] = (ushort)last;
        }
        if (filled > 0)
            target.Block(high).Union(members.AsSpan(0, filled));
        ArrayPool<ushort>.Shared.Return(members);
    }

    static void ReadBlocks(ReadOnlySpan<byte> source, ref int position, PersonSet target, int blocks)
    {
        for (var i = 0; i < blocks; i++)
        {
            var high = Varint.Read(source, ref position);
            var header = Varint.Read(source, ref position);
            if (high > (ulong)short.MaxValue || header >> 1 > 1 << 16 || header == 0)
                throw Varint.Broken();
            if (header == SomeWords)
                ReadWords(source, ref position, ref target.Block((int)high));
            else if ((header & 1) == 0)
                ReadBlock(source, ref position, ref target.Block((int)high), (int)(header >> 1));
            else
                ReadBitmap(source, ref position, ref target.Block((int)high));
        }
    }

    static void ReadBlock(ReadOnlySpan<byte> source, ref int position, ref PersonBlock block, int count)
    {
        var members = ArrayPool<ushort>.Shared.Rent(count);
        long last = -1;
        for (var i = 0; i < count; i++)
        {
            var distance = Varint.Read(source, ref position);
            if (distance > ushort.MaxValue || (last += 1 + (long)distance) > ushort.MaxValue)
                throw Varint.Broken();
            members[i] = (ushort)last;
        }
        block.Union(members.AsSpan(0, count));
        ArrayPool<ushort>.Shared.Return(members);
    }

    static void ReadWords(ReadOnlySpan<byte> source, ref int position, ref PersonBlock block)
    {
        var first = Varint.Read(source, ref position);
        var length = Varint.Read(source, ref position);
        if (length is 0 or > PersonBlock.Words || first + length > PersonBlock.Words || (int)length * 8 > source.Length - position)
            throw Varint.Broken();
        var words = MemoryMarshal.Cast<byte, ulong>(source.Slice(position, (int)length * 8));
        position += (int)length * 8;
        var members = ArrayPool<ushort>.Shared.Rent((int)length * 64);
        var filled = 0;
        for (var word = 0; word < words.Length; word++)
            for (var rest = words[word]; rest != 0; rest &= rest - 1)
                members[filled++] = (ushort)((((int)first + word) << 6) | BitOperations.TrailingZeroCount(rest));
        block.Union(members.AsSpan(0, filled));
        ArrayPool<ushort>.Shared.Return(members);
    }

    static void ReadBitmap(ReadOnlySpan<byte> source, ref int position, ref PersonBlock block)
    {
        if (source.Length - position < BitmapBytes)
            throw Varint.Broken();
        block.Union(MemoryMarshal.Cast<byte, ulong>(source.Slice(position, BitmapBytes)));
        position += BitmapBytes;
    }

    static int After(long last, ulong distance)
    {
        var person = last + 1 + (long)Math.Min(distance, int.MaxValue);
        return person is > 0 and <= int.MaxValue ? (int)person : throw Varint.Broken();
    }
}
