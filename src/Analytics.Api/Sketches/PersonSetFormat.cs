using System.Buffers;
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
    const int MaxMembers = 1 << 16;
    const int BitmapBytes = PersonBlock.Words * 8;

    /// <summary>Says in place of twice the count of members that words of a bitmap follow; odd counts are whole bitmaps of old.</summary>
    const ulong SomeWords = 1;

    public static void Write(ByteWriter writer, PersonSet set)
    {
        foreach (ref readonly var block in set.Blocks)
        {
            if (IsDense(in block))
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
        foreach (ref readonly var block in set.Blocks)
            blocks += block.Count > 0 ? 1 : 0;
        writer.WriteVarint(((ulong)blocks << 1) | 1);
        for (var i = 0; i < set.Blocks.Length; i++)
        {
            ref readonly var block = ref set.Blocks[i];
            if (block.Count == 0)
                continue;
            writer.WriteVarint(set.Highs[i]);
            if (IsDense(in block))
                WriteWords(writer, in block);
            else
                WriteMembers(writer, in block);
        }
    }

    /// <summary>Whether a bitmap is shorter: members take a byte each at least.</summary>
    static bool IsDense(ref readonly PersonBlock block)
    {
        var (first, last) = block.Ends;
        return block.Count > 16 + ((last >> 6) - (first >> 6)) * 8;
    }

    static void WriteWords(ByteWriter writer, ref readonly PersonBlock block)
    {
        var (first, last) = block.Ends;
        Span<ulong> words = stackalloc ulong[PersonBlock.Words];
        words.Clear();
        block.CopyTo(words);
        words = words[(first >> 6)..((last >> 6) + 1)];
        writer.WriteVarint(SomeWords);
        writer.WriteVarint((ulong)first >> 6);
        writer.WriteVarint((ulong)words.Length);
        writer.WriteBytes(MemoryMarshal.AsBytes(words));
    }

    static void WriteMembers(ByteWriter writer, ref readonly PersonBlock block)
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
        var members = ArrayPool<ushort>.Shared.Rent(Math.Min(count, MaxMembers));
        var last = -1;
        while (count > 0)
        {
            last = After(last, Varint.Read(source, ref position));
            members[0] = (ushort)last;
            var read = 1 + PersonDistances.Read(source, ref position, (ushort)last, members.AsSpan(1, Math.Min(count, MaxMembers) - 1));
            target.Block(last >> 16).Union(members.AsSpan(0, read));
            last = (last & ~ushort.MaxValue) | members[read - 1];
            count -= read;
        }
        ArrayPool<ushort>.Shared.Return(members);
    }

    static void ReadBlocks(ReadOnlySpan<byte> source, ref int position, PersonSet target, int blocks)
    {
        for (var i = 0; i < blocks; i++)
        {
            var high = Varint.Read(source, ref position);
            var header = Varint.Read(source, ref position);
            if (high > (ulong)short.MaxValue || header >> 1 > MaxMembers || header == 0)
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
        if (PersonDistances.Read(source, ref position, -1, members.AsSpan(0, count)) < count)
            throw Varint.Broken();
        block.Union(members.AsSpan(0, count));
        ArrayPool<ushort>.Shared.Return(members);
    }

    static void ReadWords(ReadOnlySpan<byte> source, ref int position, ref PersonBlock block)
    {
        var first = Varint.Read(source, ref position);
        var length = Varint.Read(source, ref position);
        if (first >= PersonBlock.Words || length is 0 || length > PersonBlock.Words - first || (int)length * 8 > source.Length - position)
            throw Varint.Broken();
        block.Union(MemoryMarshal.Cast<byte, ulong>(source.Slice(position, (int)length * 8)), (int)first);
        position += (int)length * 8;
    }

    static void ReadBitmap(ReadOnlySpan<byte> source, ref int position, ref PersonBlock block)
    {
        if (source.Length - position < BitmapBytes)
            throw Varint.Broken();
        block.Union(MemoryMarshal.Cast<byte, ulong>(source.Slice(position, BitmapBytes)), 0);
        position += BitmapBytes;
    }

    static int After(int last, ulong distance)
    {
        var person = last + 1L + (long)Math.Min(distance, int.MaxValue);
        return person is > 0 and <= int.MaxValue ? (int)person : throw Varint.Broken();
    }
}
