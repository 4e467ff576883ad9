using System.Runtime.InteropServices;

namespace Analytics.Sketches;

/// <summary>
/// A multiset of decimal values (units of 1e-12, the whole of Int128) that merges with others and lets values be taken
/// out again. Exact until its owner calls <see cref="Compact"/> with more than 100 values in it, then log bins of 0.8 %
/// (<see cref="LogBins"/>). A bag that is only a difference may hold negative counts; they cancel when merged.
/// </summary>
sealed class ValueBag
{
    /// <summary>An answer over at most this many values is exact.</summary>
    public const int MaxExact = 100;

    // The only entry, as long as there is no more than one: most bags of a single commit never need an array.
    Int128 _value;
    long _valueCount;
    SortedCounts<Int128>? _exact;

    // Cleared, for when it is needed again.
    SortedCounts<Int128>? _spare;
    SortedCounts<int>? _bins;

    // Of a binned bag: what its bins do not say.
    Extremes? _extremes;

    /// <summary>How many values are in it, those taken out subtracted.</summary>
    public long Count { get; private set; }

    public bool IsBinned => _bins is not null;

    /// <summary>
    /// The least and the largest value, exact; null when the bag is empty, or when values were taken out of it and it is not known.
    /// </summary>
    public (Int128 Least, Int128 Largest)? Ends => IsBinned ? _extremes?.Ends : Counts.ContainsAnyInRange(long.MinValue, -1L) || IsEmpty
        ? null
        : (Values[0], Values[^1]);

    /// <summary>What the values of an exact bag add up to.</summary>
    public Int128 Total
    {
        get
        {
            Int128 sum = 0;
            foreach (var (value, count) in Entries())
                sum += value * count;
            return sum;
        }
    }

    /// <summary>Whether nothing at all is in it; a count of 0 alone may be a value put in and another taken out.</summary>
    public bool IsEmpty => Counts.IsEmpty;

    /// <summary>The distinct values of an exact bag, ascending.</summary>
    internal ReadOnlySpan<Int128> Values => _exact is not null ? _exact.Keys
        : _valueCount == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref _value, 1);

    /// <summary>The bins of a binned bag, ascending.</summary>
    internal ReadOnlySpan<int> Bins => _bins is null ? default : _bins.Keys;

    /// <summary>How often each of <see cref="Values"/> or <see cref="Bins"/> is there; never 0.</summary>
    internal ReadOnlySpan<long> Counts => _bins is not null ? _bins.Counts
        : _exact is not null ? _exact.Counts
        : _valueCount == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref _valueCount, 1);

    /// <inheritdoc cref="LogBins.Of"/>
    public static int BinOf(Int128 value) => LogBins.Of(value);

    /// <inheritdoc cref="LogBins.ValueOf"/>
    public static Int128 ValueOf(int bin) => LogBins.ValueOf(bin);

    /// <summary>Puts a value in, or takes it out when the count is negative.</summary>
    public void Add(Int128 value, long count = 1)
    {
        if (count == 0)
            return;
        Count += count;
        if (_bins is not null)
        {
            _bins.Add(LogBins.Of(value), count);
            _extremes = count > 0 ? _extremes?.With(value, value) : null;
        }
        else if (_exact is null && (_valueCount == 0 || _value == value))
            (_value, _valueCount) = (value, _valueCount + count);
        else
            Exact().Add(value, count);
    }

    public void Merge(ValueBag other)
    {
        if (other.IsBinned)
            MergeBins(other.Bins, other.Counts, other.Ends);
        else
            MergeValues(other.Values, other.Counts);
    }

    /// <summary>
    /// Merges a bag as <see cref="WriteTo"/> left it and moves past it; gives what its values add up to, 0 where it was bins.
    /// </summary>
    public Int128 MergeSerialized(ref ReadOnlySpan<byte> source) => ValueBagFormat.Read(ref source, this);

    /// <summary>Turns to bins when there are more than 100 values in it: never before, an answer over so few is exact.</summary>
    public void Compact()
    {
        if (Count > MaxExact && _bins is null)
            TurnToBins();
    }

    public void Clear()
    {
        _valueCount = Count = 0;
        _spare = _exact ?? _spare;
        _spare?.Clear();
        _exact = null;
        _bins = null;
        _extremes = null;
    }

    /// <summary>Whether both hold the same, in the same way: what their bytes would say.</summary>
    public bool SameAs(ValueBag other) => IsBinned == other.IsBinned && Counts.SequenceEqual(other.Counts)
        && Values.SequenceEqual(other.Values) && Bins.SequenceEqual(other.Bins);

    /// <summary>The values, ascending, or those that stand for the bins, each with its count.</summary>
    public IEnumerable<(Int128 Value, long Count)> Entries()
    {
        for (var i = 0; i < Counts.Length; i++)
            yield return (IsBinned ? LogBins.ValueOf(Bins[i]) : Values[i], Counts[i]);
    }

    public void WriteTo(ByteWriter writer) => ValueBagFormat.Write(writer, this);

    /// <summary>Writes a bag that holds one value, without making it; the count must not be 0.</summary>
    public static void WriteOne(ByteWriter writer, Int128 value, long count = 1) => ValueBagFormat.WriteOne(writer, value, count);

    /// <summary>What an exact bag that was written adds up to, without making it.</summary>
    public static Int128 SumOfSerialized(ReadOnlySpan<byte> source) => ValueBagFormat.Sum(source);

    public static ValueBag Read(ref ReadOnlySpan<byte> source)
    {
        var bag = new ValueBag();
        bag.MergeSerialized(ref source);
        return bag;
    }

    /// <summary>Adds values that are sorted and distinct.</summary>
    internal void MergeValues(ReadOnlySpan<Int128> values, ReadOnlySpan<long> counts)
    {
        if (values.Length < 2 || _bins is not null)
        {
            for (var i = 0; i < values.Length; i++)
                Add(values[i], counts[i]);
            return;
        }
        Count += Sum(counts);
        Exact().Merge(values, counts);
    }

    /// <summary>Adds bins that are sorted and distinct, which makes this a binned bag.</summary>
    internal void MergeBins(ReadOnlySpan<int> bins, ReadOnlySpan<long> counts, (Int128 Least, Int128 Largest)? ends = null)
    {
        TurnToBins();
        _extremes = ends is { } known ? _extremes?.With(known.Least, known.Largest) : null;
        Count += Sum(counts);
        _bins!.Merge(bins, counts);
    }

    void TurnToBins()
    {
        if (_bins is not null)
            return;
        var values = Values;
        var counts = Counts;
        _extremes = IsEmpty ? new() : Ends is { } ends ? new Extremes().With(ends.Least, ends.Largest) : null;
        var bins = new SortedCounts<int>(Math.Max(values.Length, 16));
        for (var i = 0; i < values.Length; i++)
            bins.Add(LogBins.Of(values[i]), counts[i]);
        (_bins, _exact, _valueCount) = (bins, null, 0);
    }

    SortedCounts<Int128> Exact()
    {
        if (_exact is null)
        {
            (_exact, _spare) = (_spare ?? new SortedCounts<Int128>(4), null);
            if (_valueCount != 0)
                _exact.Add(_value, _valueCount);
            _valueCount = 0;
        }
        return _exact;
    }

    static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts)
            sum += count;
        return sum;
    }

    sealed class Extremes
    {
        Int128 least = Int128.MaxValue;
        Int128 largest = Int128.MinValue;

        public (Int128 Least, Int128 Largest)? Ends => least <= largest ? (least, largest) : null;

        public Extremes With(Int128 low, Int128 high)
        {
            (least, largest) = (Int128.Min(least, low), Int128.Max(largest, high));
            return this;
        }
    }
}
