using System.Numerics;

namespace Analytics.Sketches;

/// <summary>Percentiles that interpolate linearly between ranks, as percentile_cont does: rank = p (n - 1).</summary>
public static class Percentiles
{
    /// <summary>
    /// The percentile <paramref name="p"/>/<paramref name="outOf"/> of the bag's values and <paramref name="zeros"/>
    /// more that are 0, in units of 1e-12. Exact but for rounding half away from zero when the bag is; otherwise within
    /// 1 % of the larger neighbour. No values at all: 0.
    /// </summary>
    public static Int128 Of(ValueBag bag, long zeros, int p, int outOf = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outOf, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)p, (uint)outOf);
        var n = bag.Count + zeros;
        if (n <= 0)
            return 0;
        var (rank, fraction) = Int128.DivRem((Int128)p * (n - 1), outOf);
        var (lower, upper) = Neighbours(bag, zeros, (long)rank);
        return fraction == 0 ? lower : Between(lower, upper, (int)fraction, outOf);
    }

    /// <summary>The values at a rank, counted from 0, and at the next.</summary>
    static (Int128 Lower, Int128 Upper) Neighbours(ValueBag bag, long zeros, long rank)
    {
        var entries = new Ascending(bag, zeros);
        long before = 0;
        Int128? lower = null;
        while (entries.Next(out var value, out var count))
        {
            before += count;
            if (before > rank + 1)
                return (lower ?? value, value);
            if (before > rank)
                lower ??= value;
        }
        return (lower ?? 0, lower ?? 0);
    }

    static Int128 Between(Int128 lower, Int128 upper, int part, int whole)
    {
        var room = Int128.MaxValue / whole / 2;
        if (lower > -room && lower < room && upper > -room && upper < room)
            return DecimalUnits.DivideRounded((lower * (whole - part)) + (upper * part), whole);
        var sum = ((BigInteger)lower * (whole - part)) + ((BigInteger)upper * part);
        var half = sum.Sign * whole;
        return (Int128)(((sum * 2) + half) / (2 * whole));
    }

    /// <summary>Walks a bag's entries in order, the extra zeros in their place.</summary>
    ref struct Ascending(ValueBag bag, long zeros)
    {
        readonly ReadOnlySpan<Int128> _values = bag.Values;
        readonly ReadOnlySpan<int> _bins = bag.Bins;
        readonly ReadOnlySpan<long> _counts = bag.Counts;
        readonly bool _binned = bag.IsBinned;
        long _zeros = zeros;
        int _at;

        public bool Next(out Int128 value, out long count)
        {
            var more = _at < _counts.Length;
            if (_zeros != 0 && (!more || !IsNegative(_at)))
            {
                (value, count) = (0, _zeros);
                _zeros = 0;
                return true;
            }
            (value, count) = more ? (ValueAt(_at), _counts[_at]) : default;
            _at++;
            return more;
        }

        readonly bool IsNegative(int at) => _binned ? _bins[at] < 0 : _values[at] < 0;

        readonly Int128 ValueAt(int at) => _binned ? LogBins.ValueOf(_bins[at]) : _values[at];
    }
}
