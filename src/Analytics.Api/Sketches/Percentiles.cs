using System.Numerics;

namespace Analytics.Sketches;

/// <summary>Percentiles that interpolate linearly between ranks, as percentile_cont does: rank = p (n - 1).</summary>
static class Percentiles
{
    /// <summary>
    /// The percentile <paramref name="p"/>/<paramref name="outOf"/> of the bag's values and <paramref name="zeros"/>
    /// more that are 0, in units of 1e-12. Exact but for rounding half away from zero when the bag is; otherwise within
    /// 1 % of the larger neighbour. No values at all: 0.
    /// </summary>
    public static Int128 Of(ValueBag bag, long zeros, int p, int outOf = 100)
    {
        Int128 answer = 0;
        Of(bag, zeros, [p], new Span<Int128>(ref answer), outOf);
        return answer;
    }

    /// <summary>The same for several percentiles, which ascend, in one walk through the bag.</summary>
    public static void Of(ValueBag bag, long zeros, ReadOnlySpan<int> percentiles, Span<Int128> answers, int outOf = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outOf, 1);
        var n = bag.Count + zeros;
        var entries = new Ascending(bag, zeros);
        for (var at = 0; at < percentiles.Length; at++)
        {
            if ((uint)percentiles[at] > (uint)outOf)
                throw new ArgumentOutOfRangeException(nameof(percentiles));
            var (rank, fraction) = n > 0 ? Int128.DivRem((Int128)percentiles[at] * (n - 1), outOf) : default;
            entries.GoTo((long)rank);
            var lower = entries.Value;
            if (fraction == 0)
            {
                answers[at] = n > 0 ? lower : 0;
                continue;
            }

            var next = entries;
            next.GoTo((long)rank + 1);
            answers[at] = Between(lower, next.Value, (int)fraction, outOf);
        }
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

    /// <summary>Walks through a bag's ranks in order, the extra zeros in their place.</summary>
    ref struct Ascending(ValueBag bag, long zeros)
    {
        readonly ReadOnlySpan<Int128> _values = bag.Values;
        readonly ReadOnlySpan<int> _bins = bag.Bins;
        readonly ReadOnlySpan<long> _counts = bag.Counts;
        readonly bool _binned = bag.IsBinned;
        long _zeros = zeros;
        long _end;
        int _next;
        int _at = Zero;

        const int Zero = -1;

        /// <summary>The value at the rank.</summary>
        public readonly Int128 Value => _at == Zero ? 0 : _binned ? LogBins.ValueOf(_bins[_at]) : _values[_at];

        /// <summary>On to the entry that holds a rank, counted from 0; beyond the last one it stays there.</summary>
        public void GoTo(long rank)
        {
            while (_end <= rank && (_zeros != 0 || _next < _counts.Length))
                if (_zeros != 0 && (_next == _counts.Length || !IsNegative(_next)))
                {
                    _at = Zero;
                    _end += _zeros;
                    _zeros = 0;
                }
                else
                {
                    _at = _next++;
                    _end += _counts[_at];
                }
        }

        readonly bool IsNegative(int at) => _binned ? _bins[at] < 0 : _values[at] < 0;
    }
}
