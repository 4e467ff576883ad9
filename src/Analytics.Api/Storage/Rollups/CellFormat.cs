using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>Which parts of a cell a reader wants; the rest is stepped over.</summary>
/// <param name="People">The sets of people.</param>
/// <param name="Values">The distributions.</param>
/// <param name="Fields">A bit for each field wanted, the first field being bit 1.</param>
readonly record struct CellParts(bool People, bool Values, ulong Fields)
{
    public static readonly CellParts Everything = new(true, true, ulong.MaxValue);
    public static readonly CellParts Counts = new(false, false, 0);
    public static readonly CellParts CountsAndPeople = new(true, false, 0);

    public bool Wants(short field) => (Fields & (1UL << field)) != 0;
}

/// <summary>
/// Cells as bytes. A lone root with a cost, by far the commonest, takes some six of them.
/// <code>
/// flags | events, roots (zigzag, unless the flags say 1/1 or 1/0) | own cost (unless none, or the cost field's sum)
///       | first, last | number of fields, each: field * 2 + (1: sum given), sum?, length, values
///       | bits of the measures that are not 0, each | people
/// </code>
/// </summary>
static class CellFormat
{
    [Flags]
    enum Has : byte
    {
        Nothing = 0,
        LoneRoot = 1,
        LoneChild = 2,
        OwnCost = 4,
        OwnCostIsFieldSum = 8,
        Times = 16,
        People = 32,
        Fields = 64,
        Measures = 128,
    }

    public static void Write(ByteWriter writer, Cell cell)
    {
        var flags = FlagsOf(cell);
        writer.WriteByte((byte)flags);
        if ((flags & (Has.LoneRoot | Has.LoneChild)) == Has.Nothing)
        {
            writer.WriteZigzag(cell.Events);
            writer.WriteZigzag(cell.Roots);
        }

        if (flags.HasFlag(Has.OwnCost))
            writer.WriteInt128(cell.OwnCost);
        if (flags.HasFlag(Has.Times))
        {
            writer.WriteZigzag(cell.First);
            writer.WriteVarint((ulong)(cell.Last - cell.First));
        }

        if (flags.HasFlag(Has.Fields))
            WriteFields(writer, cell);
        if (flags.HasFlag(Has.Measures))
            WriteMeasures(writer, cell.Measures!);
        if (flags.HasFlag(Has.People))
            cell.People!.WriteTo(writer);
    }

    static Has FlagsOf(Cell cell)
    {
        var flags = Has.Nothing;
        if (cell.Events == 1)
            flags |= cell.Roots switch { 1 => Has.LoneRoot, 0 => Has.LoneChild, _ => Has.Nothing };
        if (cell.OwnCost != 0)
            flags |= cell.Field(FieldCatalogue.Cost)?.Sum == cell.OwnCost ? Has.OwnCostIsFieldSum : Has.OwnCost;
        if (cell.HasTimes)
            flags |= Has.Times;
        if (cell.People is { Count: > 0 })
            flags |= Has.People;
        if (cell.Fields.Exists(IsWritten))
            flags |= Has.Fields;
        if (cell.Measures?.Any(amount => amount != 0) == true)
            flags |= Has.Measures;
        return flags;
    }

    static void WriteMeasures(ByteWriter writer, Int128[] measures)
    {
        var bits = 0UL;
        for (var measure = 0; measure < measures.Length; measure++)
            bits |= measures[measure] != 0 ? 1UL << measure : 0;
        writer.WriteVarint(bits);
        foreach (var amount in measures)
            if (amount != 0)
                writer.WriteInt128(amount);
    }

    static bool IsWritten(FieldTotals totals) => totals.Sum != 0 || !totals.Values.IsEmpty;

    static void WriteFields(ByteWriter writer, Cell cell)
    {
        writer.WriteVarint((ulong)cell.Fields.Count(IsWritten));
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
        if ((flags & (Has.LoneRoot | Has.LoneChild)) == Has.Nothing)
        {
            into.Events += Varint.ReadZigzag(bytes, ref at);
            into.Roots += Varint.ReadZigzag(bytes, ref at);
        }
        else
        {
            into.Events++;
            into.Roots += flags.HasFlag(Has.LoneRoot) ? 1 : 0;
        }

        if (flags.HasFlag(Has.OwnCost))
            into.OwnCost += Varint.ReadInt128(bytes, ref at);
        if (flags.HasFlag(Has.Times))
        {
            var first = Varint.ReadZigzag(bytes, ref at);
            into.Seen(first, first + (long)Varint.Read(bytes, ref at));
        }

        var rest = bytes[at..];
        if (flags.HasFlag(Has.Fields))
            MergeFields(ref rest, into, parts, flags.HasFlag(Has.OwnCostIsFieldSum));
        if (flags.HasFlag(Has.Measures))
            MergeMeasures(ref rest, into);
        if (flags.HasFlag(Has.People) && parts.People)
            (into.People ??= new PersonSet()).UnionWithSerialized(ref rest);
    }

    static void MergeMeasures(ref ReadOnlySpan<byte> bytes, Cell into)
    {
        var at = 0;
        for (var bits = Varint.Read(bytes, ref at); bits != 0; bits &= bits - 1)
            into.Add((Measure)BitOperations.TrailingZeroCount(bits), Varint.ReadInt128(bytes, ref at));
        bytes = bytes[at..];
    }

    static void MergeFields(ref ReadOnlySpan<byte> bytes, Cell into, CellParts parts, bool ownCostIsSum)
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

            var isOwnCost = ownCostIsSum && field == FieldCatalogue.Cost;
            if (!parts.Wants(field) && !isOwnCost)
                continue;
            if (!given)
                sum = ValueBag.SumOfSerialized(values);
            if (isOwnCost)
                into.OwnCost += sum;
            if (!parts.Wants(field))
                continue;
            var totals = into.Totals(field);
            totals.Sum += sum;
            if (parts.Values)
                totals.Values.MergeSerialized(ref values);
        }
    }
}
