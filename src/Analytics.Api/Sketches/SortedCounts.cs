using System.Buffers;
using System.Numerics;

namespace Analytics.Sketches;

/// <summary>
/// Sorted keys with signed counts, zero counts left out; what both modes of a <see cref="ValueBag"/> are made of.
/// Keys that come one by one or few at once go to an unsorted tail until somebody looks, many come, or the tail gets long: so they stay
/// cheap. A key in the tail may be among the sorted, too.
/// </summary>
sealed class SortedCounts<TKey>(int capacity)
    where TKey : struct, IComparable<TKey>, IComparisonOperators<TKey, TKey, bool>
{
    // Fewer than one in so many is few: they wait in the tail, for going through all that is here would cost more than they do.
    const int Few = 8;

    TKey[] _keys = new TKey[capacity];
    long[] _counts = new long[capacity];
    int _size;
    int _sorted;
    bool _zeros;

    public ReadOnlySpan<TKey> Keys
    {
        get
        {
            Settle();
            return _keys.AsSpan(0, _size);
        }
    }

    public ReadOnlySpan<long> Counts
    {
        get
        {
            Settle();
            return _counts.AsSpan(0, _size);
        }
    }

    public void Add(TKey key, long count)
    {
        // Before the search: what was in the tail may then be among the sorted.
        if (_size == _keys.Length)
            MakeRoom();
        var place = _keys.AsSpan(0, _sorted).BinarySearch(key);
        if (place >= 0)
        {
            _zeros |= (_counts[place] += count) == 0;
            return;
        }
        if (_sorted == _size && ~place == _size)
            _sorted++;
        _keys[_size] = key;
        _counts[_size++] = count;
    }

    /// <summary>Adds keys that are sorted and distinct.</summary>
    public void Merge(ReadOnlySpan<TKey> keys, ReadOnlySpan<long> counts)
    {
        if (keys.Length < _sorted / Few)
        {
            Append(keys, counts);
            return;
        }
        Settle();
        MergeSorted(keys, counts);
        DropZeros();
    }

    public void Clear()
    {
        _size = _sorted = 0;
        _zeros = false;
    }

    void Append(ReadOnlySpan<TKey> keys, ReadOnlySpan<long> counts)
    {
        if (_size + keys.Length > _keys.Length)
        {
            Settle();
            if (_size + keys.Length > _keys.Length)
                Grow(_size + keys.Length);
        }
        keys.CopyTo(_keys.AsSpan(_size));
        counts.CopyTo(_counts.AsSpan(_size));
        _size += keys.Length;
        if (_size - _sorted > _sorted / Few)
            Settle();
    }

    void MergeSorted(ReadOnlySpan<TKey> keys, ReadOnlySpan<long> counts)
    {
        var missing = AddKnown(keys, counts);
        if (missing > 0)
            InsertMissing(keys, counts, missing);
    }

    /// <summary>Adds the counts of keys that are here already and answers how many are not.</summary>
    int AddKnown(ReadOnlySpan<TKey> keys, ReadOnlySpan<long> counts)
    {
        var mine = _keys.AsSpan(0, _size);
        int at = 0, missing = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i];
            while (at < mine.Length && mine[at] < key)
                at++;
            if (at < mine.Length && mine[at] == key)
                _zeros |= (_counts[at] += counts[i]) == 0;
            else
                missing++;
        }
        return missing;
    }

    /// <summary>Merges from the back, so that nothing is copied twice.</summary>
    void InsertMissing(ReadOnlySpan<TKey> keys, ReadOnlySpan<long> counts, int missing)
    {
        if (_size + missing > _keys.Length)
            Grow(_size + missing);
        int mine = _size - 1, target = _size + missing - 1;
        for (var i = keys.Length - 1; target > mine; i--)
        {
            var key = keys[i];
            for (; mine >= 0 && _keys[mine] > key; mine--, target--)
                (_keys[target], _counts[target]) = (_keys[mine], _counts[mine]);
            if (mine >= 0 && _keys[mine] == key)
                continue;
            _zeros |= counts[i] == 0;
            (_keys[target], _counts[target]) = (key, counts[i]);
            target--;
        }
        _sorted = _size += missing;
    }

    void MakeRoom()
    {
        Settle();
        if (_size > _keys.Length / 2)
            Grow(_size + 1);
    }

    void Grow(int needed)
    {
        var larger = Math.Max(Math.Max(4, needed), _keys.Length * 2);
        Array.Resize(ref _keys, larger);
        Array.Resize(ref _counts, larger);
    }

    void Settle()
    {
        if (_sorted < _size)
            SortTail();
        DropZeros();
    }

    void SortTail()
    {
        var tail = _size - _sorted;
        _keys.AsSpan(_sorted, tail).Sort(_counts.AsSpan(_sorted, tail));
        var end = Coalesce(_sorted, _size);
        tail = end - _sorted;
        _size = _sorted;
        if (_sorted == 0)
        {
            _sorted = _size = tail;
            return;
        }
        var keys = ArrayPool<TKey>.Shared.Rent(tail);
        var counts = ArrayPool<long>.Shared.Rent(tail);
        _keys.AsSpan(_sorted, tail).CopyTo(keys);
        _counts.AsSpan(_sorted, tail).CopyTo(counts);
        MergeSorted(keys.AsSpan(0, tail), counts.AsSpan(0, tail));
        ArrayPool<TKey>.Shared.Return(keys);
        ArrayPool<long>.Shared.Return(counts);
    }

    int Coalesce(int from, int to)
    {
        var last = from;
        for (var i = from + 1; i < to; i++)
        {
            if (_keys[i] == _keys[last])
                _counts[last] += _counts[i];
            else
                (_keys[++last], _counts[last]) = (_keys[i], _counts[i]);
        }
        for (var i = from; i <= last; i++)
            _zeros |= _counts[i] == 0;
        return last + 1;
    }

    void DropZeros()
    {
        if (!_zeros)
            return;
        var kept = 0;
        for (var i = 0; i < _size; i++)
        {
            if (_counts[i] != 0)
                (_keys[kept], _counts[kept++]) = (_keys[i], _counts[i]);
        }
        _sorted = _size = kept;
        _zeros = false;
    }
}
