using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Storage.Cells;

/// <summary>Which parts of a cell a reader wants; the rest is stepped over. Sums are always read.</summary>
/// <param name="Set">The set of numbers.</param>
/// <param name="Values">The distributions.</param>
/// <param name="Fields">A bit for each field wanted, the first field being bit 1.</param>
readonly record struct CellParts(bool Set, bool Values, ulong Fields)
{
    public static readonly CellParts Everything = new(true, true, ulong.MaxValue);
    public static readonly CellParts Sums = new(false, false, 0);
    public static readonly CellParts SumsAndSet = new(true, false, 0);

    public bool Wants(short field) => (Fields & (1UL << field)) != 0;
}

/// <summary>
/// Cells as bytes. A lone root with a cost, by far the commonest, takes some six of them.
/// <code>
/// flags | first two sums (zigzag, unless the flags say 1/1 or 1/0) | third sum (unless it is 0, or the first field's sum)
///       | first, last time | number of fields, each: field * 2 + (1: sum given), sum?, length, values
///       | bits of the maximum and of the other sums that are not 0, each | set
/// </code>
/// </summary>
static class CellFormat
{
    // The third sum often is that of field 1: a cost. It is not written twice.
    const short MirroredField = 1;
    const int Third = 2;

    [Flags]
    enum Has : byte
    {
        Nothing = 0,
        OneAndOne = 1,
        OneAndNone = 2,
        Third = 4,
        ThirdIsFieldSum = 8,
        Times = 16,
        Set = 32,
        Fields = 64,
        Rest = 128,
    }

    public static void Write(ByteWriter writer, Cell cell, bool withTimes = true)
    {
        var rest = RestOf(cell);
        var flags = FlagsOf(cell) | (rest == 0 ? Has.Nothing : Has.Rest) | (withTimes && cell.HasTimes ? Has.Times : Has.Nothing);
        writer.WriteByte((byte)flags);
        if ((flags & (Has.OneAndOne | Has.OneAndNone)) == Has.Nothing)
        {
            writer.WriteZigzag((long)cell[0]);
            writer.WriteZigzag((long)cell[1]);
        }

        if (flags.HasFlag(Has.Third))
            writer.WriteInt128(cell[Third]);
        if (flags.HasFlag(Has.Times))
        {
            writer.WriteZigzag(cell.FirstTime);
            writer.WriteVarint((ulong)(cell.LastTime - cell.FirstTime));
        }

        if (flags.HasFlag(Has.Fields))
            WriteFields(writer, cell);
        if (rest != 0)
            WriteRest(writer, cell, rest);
        if (flags.HasFlag(Has.Set))
            cell.Set!.WriteTo(writer);
    }

    static Has FlagsOf(Cell cell)
    {
        var flags = Has.Nothing;
        if (cell[0] == 1)
            flags |= cell[1] == 1 ? Has.OneAndOne : cell[1] == 0 ? Has.OneAndNone : Has.Nothing;
        if (cell[Third] is var third && third != 0)
            flags |= cell.Field(MirroredField)?.Sum == third ? Has.ThirdIsFieldSum : Has.Third;
        if (cell.Set is { Count: > 0 })
            flags |= Has.Set;
        foreach (var totals in cell.Fields)
            if (IsWritten(totals))
                return flags | Has.Fields;
        return flags;
    }

    // Bit 0 is the maximum, bit 1 the fourth sum.
    static ulong RestOf(Cell cell)
    {
        var bits = cell.Maximum is null ? 0 : 1UL;
        for (var at = 0; at < cell.Rest.Length; at++)
            bits |= cell.Rest[at] != 0 ? 2UL << at : 0;
        return bits;
    }

    static void WriteRest(ByteWriter writer, Cell cell, ulong bits)
    {
        writer.WriteVarint(bits);
        if (cell.Maximum is { } maximum)
            writer.WriteInt128(maximum);
        foreach (var sum in cell.Rest)
            if (sum != 0)
                writer.WriteInt128(sum);
    }

    static bool IsWritten(FieldTotals totals) => !totals.IsEmpty;

    static void WriteFields(ByteWriter writer, Cell cell)
    {
        var count = 0UL;
        foreach (var totals in cell.Fields)
            count += IsWritten(totals) ? 1UL : 0;
        writer.WriteVarint(count);
        foreach (var totals in cell.Fields)
        {
            if (!IsWritten(totals))
                continue;
            totals.Values.Compact();
            var given = totals.Values.IsBinned || totals.Sum != totals.Values.Total;
            writer.WriteVarint(((ulong)totals.Field << 1) | (given ? 1UL : 0));
            if (given)
                writer.WriteInt128(totals.Sum);

            var start = writer.Length;
            totals.Values.WriteTo(writer);
            writer.PrefixLength(start);
        }
    }

    /// <summary>Adds a written cell to <paramref name="into"/>, or the parts of it that are wanted.</summary>
    public static void Merge(ReadOnlySpan<byte> bytes, Cell into, CellParts parts)
    {
        var flags = (Has)bytes[0];
        var at = 1;
        if ((flags & (Has.OneAndOne | Has.OneAndNone)) == Has.Nothing)
        {
            into[0] += Varint.ReadZigzag(bytes, ref at);
            into[1] += Varint.ReadZigzag(bytes, ref at);
        }
        else
        {
            into[0]++;
            into[1] += flags.HasFlag(Has.OneAndOne) ? 1 : 0;
        }

        if (flags.HasFlag(Has.Third))
            into[Third] += Varint.ReadInt128(bytes, ref at);
        if (flags.HasFlag(Has.Times))
        {
            var first = Varint.ReadZigzag(bytes, ref at);
            into.Seen(first, first + (long)Varint.Read(bytes, ref at));
        }

        var rest = bytes[at..];
        if (flags.HasFlag(Has.Fields))
            MergeFields(ref rest, into, parts, flags.HasFlag(Has.ThirdIsFieldSum));
        if (flags.HasFlag(Has.Rest))
            MergeRest(ref rest, into);
        if (flags.HasFlag(Has.Set) && parts.Set)
            (into.Set ??= new PersonSet()).UnionWithSerialized(ref rest);
    }

    static void MergeRest(ref ReadOnlySpan<byte> bytes, Cell into)
    {
        var at = 0;
        for (var bits = Varint.Read(bytes, ref at); bits != 0; bits &= bits - 1)
            if (BitOperations.TrailingZeroCount(bits) is var bit and > 0)
                into[bit + Third] += Varint.ReadInt128(bytes, ref at);
            else
                into.Reached(Varint.ReadInt128(bytes, ref at));
        bytes = bytes[at..];
    }

    static void MergeFields(ref ReadOnlySpan<byte> bytes, Cell into, CellParts parts, bool thirdIsSum)
    {
        for (var left = Varint.Read(ref bytes); left > 0; left--)
        {
            var head = Varint.Read(ref bytes);
            var field = (short)(head >> 1);
            var given = (head & 1) != 0;
            var sum = given ? Varint.ReadInt128(ref bytes) : 0;
            var length = (int)Varint.Read(ref bytes);
            var values = bytes[..length];
            bytes = bytes[length..];

            var isThird = thirdIsSum && field == MirroredField;
            if (!parts.Wants(field) && !isThird)
                continue;
            var totals = parts.Wants(field) ? into.Totals(field) : null;
            var told = totals is not null && parts.Values ? totals.Values.MergeSerialized(ref values)
                : given ? 0 : ValueBag.SumOfSerialized(values);
            sum = given ? sum : told;
            if (isThird)
                into[Third] += sum;
            if (totals is not null)
                totals.Sum += sum;
        }
    }
}
