using Analytics.Sketches;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>What a field comes to in the rows of a group that one statement read.</summary>
sealed class FieldPart
{
    public long Present { get; set; }

    public long Numbers { get; set; }

    public Int128 Sum { get; set; }

    public Int128 Least { get; set; }

    public Int128 Largest { get; set; }

    /// <summary>Every number, where percentiles are asked for.</summary>
    public decimal[] Values { get; set; } = [];

    /// <summary>Adds it to what was read before; how many more numbers are told apart now.</summary>
    public int AddTo(FieldTotal total)
    {
        total.Present += Present;
        if (Numbers == 0)
            return 0;
        total.Numbers += Numbers;
        total.Sum += Sum;
        total.Least = total.Least is { } least ? Int128.Min(least, Least) : Least;
        total.Largest = total.Largest is { } largest ? Int128.Max(largest, Largest) : Largest;
        var added = 0;
        foreach (var value in Values)
            added += total.AddValue(UnitsOf(value), 1) ? 1 : 0;
        return added;
    }

    // Of at most 12 decimals, which are cut off when the digits are taken.
    static Int128 UnitsOf(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = (Int128)new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (var scale = (bits[3] >> 16) & 0xFF; scale < DecimalUnits.Decimals; scale++)
            digits *= 10;
        return bits[3] < 0 ? -digits : digits;
    }
}
