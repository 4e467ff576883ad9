using System.Buffers;

namespace Analytics.Sketches;

/// <summary>
/// The bytes of a <see cref="ValueBag"/>. The first byte: 4 bits of decimal zeros that all values share, a bit for
/// counts other than one, a bit for bins, 2 bits for one to three entries (0: the number follows). Of bins, which share no zeros, a
/// bit says that the least and the largest value come first. Then the keys, sorted:
/// the first zigzagged, the others by their distance, values divided by the shared power of ten. Then, unless all are
/// one, the counts, zigzagged. A single cost of 0.0025 takes two bytes.
/// </summary>
static class ValueBagFormat
{
    const int MaxZeros = 15;
    const int Counted = 0x10;
    const int Binned = 0x20;

    // Bins share no zeros: of a binned bag the same bits say whether its ends are written.
    const int WithEnds = 1;

    public static void Write(ByteWriter writer, ValueBag bag)
    {
        var counts = bag.Counts;
        var flags = counts.ContainsAnyExcept(1L) ? Counted : 0;
        if (bag.IsBinned)
        {
            var ends = bag.Ends;
            WriteHeader(writer, flags | Binned | (ends is null ? 0 : WithEnds), counts.Length);
            if (ends is var (least, largest))
            {
                writer.WriteInt128(least);
                writer.WriteUInt128(unchecked((UInt128)(largest - least)));
            }

            WriteBins(writer, bag.Bins);
        }
        else
        {
            var zeros = SharedZeros(bag.Values);
            WriteHeader(writer, flags | zeros, counts.Length);
            WriteValues(writer, bag.Values, (Int128)PowersOfTen.All[zeros]);
        }
        if (flags != 0)
        {
            foreach (var count in counts)
                writer.WriteZigzag(count);
        }
    }

    /// <summary>The bytes of a bag with one value in it, without the bag.</summary>
    public static void WriteOne(ByteWriter writer, Int128 value, long count)
    {
        var zeros = PowersOfTen.TrailingZeros(value, MaxZeros);
        writer.WriteByte((byte)((1 << 6) | zeros | (count == 1 ? 0 : Counted)));
        writer.WriteInt128(Divide(value, (Int128)PowersOfTen.All[zeros]));
        if (count != 1)
            writer.WriteZigzag(count);
    }

    /// <summary>
    /// Merges the bag at the start of the source into <paramref name="target"/> and moves past it; gives what its values add up to, 0 where
    /// it was bins.
    /// </summary>
    public static Int128 Read(ref ReadOnlySpan<byte> source, ValueBag target)
    {
        var (flags, length, position) = ReadHeader(source);
        var sum = length == 1 && (flags & Binned) == 0
            ? ReadOne(source, ref position, target, flags)
            : ReadMany(source, ref position, target, flags, length);
        source = source[position..];
        return sum;
    }

    /// <summary>What the exact values of a bag add up to, without the bag.</summary>
    public static Int128 Sum(ReadOnlySpan<byte> source)
    {
        var (flags, length, position) = ReadHeader(source);
        if ((flags & Binned) != 0)
            throw Varint.Broken(); // bins do not say it
        var counted = (flags & Counted) != 0 ? CountsOf(source, position, length) : -1;
        Int128 reduced = 0, sum = 0;
        for (var i = 0; i < length; i++)
        {
            var last = reduced;
            reduced = ReadReduced(source, ref position, reduced, isFirst: i == 0);
            if (i > 0 && reduced <= last)
                throw Varint.Broken();
            sum += counted < 0 ? reduced : reduced * Varint.ReadZigzag(source, ref counted);
        }

        return sum * (Int128)PowersOfTen.All[flags & MaxZeros];
    }

    static (int Flags, int Length, int Position) ReadHeader(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            throw Varint.Broken();
        var position = 1;
        var flags = (int)source[0];
        return flags >> 6 is not 0 and var length ? (flags, length, position) : (flags, Varint.ReadLength(source, ref position), position);
    }

    /// <summary>Where the counts of so many keys begin, which stand from a position on.</summary>
    static int CountsOf(ReadOnlySpan<byte> source, int position, int length)
    {
        for (; length > 0; position++)
        {
            if ((uint)position >= (uint)source.Length)
                throw Varint.Broken();
            length -= source[position] < 0x80 ? 1 : 0;
        }

        return position;
    }

    static Int128 ReadReduced(ReadOnlySpan<byte> source, ref int position, Int128 last, bool isFirst) => isFirst
        ? Varint.ReadInt128(source, ref position)
        : unchecked(last + (Int128)Varint.ReadUInt128(source, ref position));

    static Int128 ReadOne(ReadOnlySpan<byte> source, ref int position, ValueBag target, int flags)
    {
        var value = Varint.ReadInt128(source, ref position) * (Int128)PowersOfTen.All[flags & MaxZeros];
        var count = (flags & Counted) == 0 ? 1 : Varint.ReadZigzag(source, ref position);
        target.Add(value, count);
        return value * count;
    }

    static Int128 ReadMany(ReadOnlySpan<byte> source, ref int position, ValueBag target, int flags, int length)
    {
        var counts = ArrayPool<long>.Shared.Rent(length);
        Int128 sum = 0;
        if ((flags & Binned) != 0)
            ReadBins(source, ref position, target, flags, counts.AsSpan(0, length));
        else
            sum = ReadValues(source, ref position, target, flags, counts.AsSpan(0, length));
        ArrayPool<long>.Shared.Return(counts);
        return sum;
    }

    static void WriteHeader(ByteWriter writer, int flags, int length)
    {
        writer.WriteByte((byte)(length is > 0 and < 4 ? flags | (length << 6) : flags));
        if (length is 0 or > 3)
            writer.WriteVarint((ulong)length);
    }

    static void WriteBins(ByteWriter writer, ReadOnlySpan<int> bins)
    {
        for (var i = 0; i < bins.Length; i++)
        {
            if (i == 0)
                writer.WriteZigzag(bins[i]);
            else
                writer.WriteVarint((ulong)(bins[i] - bins[i - 1] - 1));
        }
    }

    static void WriteValues(ByteWriter writer, ReadOnlySpan<Int128> values, Int128 power)
    {
        Int128 last = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var reduced = Divide(values[i], power);
            if (i == 0)
                writer.WriteInt128(reduced);
            else
                // The distance of two Int128 may need all 128 bits, so it is taken modulo 2^128.
                writer.WriteUInt128(unchecked((UInt128)(reduced - last)));
            last = reduced;
        }
    }

    static Int128 Divide(Int128 value, Int128 power) =>
        (Int128)(long)value == value ? (long)value / (long)power : value / power;

    static int SharedZeros(ReadOnlySpan<Int128> values)
    {
        var zeros = values.IsEmpty ? 0 : MaxZeros;
        for (var i = 0; i < values.Length && zeros > 0; i++)
            zeros = PowersOfTen.TrailingZeros(values[i], zeros);
        return zeros;
    }

    static void ReadBins(ReadOnlySpan<byte> source, ref int position, ValueBag target, int flags, Span<long> counts)
    {
        var bins = ArrayPool<int>.Shared.Rent(counts.Length);
        (Int128 Least, Int128 Largest)? ends = null;
        if ((flags & WithEnds) != 0)
        {
            var least = Varint.ReadInt128(source, ref position);
            ends = (least, unchecked(least + (Int128)Varint.ReadUInt128(source, ref position)));
        }

        long bin = -1;
        for (var i = 0; i < counts.Length; i++)
        {
            bin = i == 0 ? Varint.ReadZigzag(source, ref position) : bin + 1 + (int)Varint.Read(source, ref position);
            if (!LogBins.Exists(bin) || (i > 0 && bin <= bins[i - 1]))
                throw Varint.Broken();
            bins[i] = (int)bin;
        }
        ReadCounts(source, ref position, flags, counts);
        target.MergeBins(bins.AsSpan(0, counts.Length), counts, ends);
        ArrayPool<int>.Shared.Return(bins);
    }

    static Int128 ReadValues(ReadOnlySpan<byte> source, ref int position, ValueBag target, int flags, Span<long> counts)
    {
        var power = (Int128)PowersOfTen.All[flags & MaxZeros];
        var values = ArrayPool<Int128>.Shared.Rent(counts.Length);
        Int128 reduced = 0, sum = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            reduced = ReadReduced(source, ref position, reduced, isFirst: i == 0);
            values[i] = reduced * power;
            if (i > 0 && values[i] <= values[i - 1])
                throw Varint.Broken();
        }

        ReadCounts(source, ref position, flags, counts);
        for (var i = 0; i < counts.Length; i++)
            sum += counts[i] == 1 ? values[i] : values[i] * counts[i];
        target.MergeValues(values.AsSpan(0, counts.Length), counts);
        ArrayPool<Int128>.Shared.Return(values);
        return sum;
    }

    static void ReadCounts(ReadOnlySpan<byte> source, ref int position, int flags, Span<long> counts)
    {
        if ((flags & Counted) == 0)
        {
            counts.Fill(1);
            return;
        }
        foreach (ref var count in counts)
            count = Varint.ReadZigzag(source, ref position);
    }
}
