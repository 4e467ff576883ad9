namespace Analytics.Sketches;

/// <summary>
/// An exact set of person numbers (1 to 2^31-1), kept in blocks by their upper 16 bits: sorted lists while small,
/// bitmaps beyond. Sets of a few members cost a few bytes, unions of hundreds of sets a few milliseconds.
/// </summary>
sealed class PersonSet
{
    ushort[] _highs = [];
    PersonBlock[] _blocks = [];
    int _size;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (ref readonly var block in Blocks)
                count += block.Count;
            return count;
        }
    }

    internal ReadOnlySpan<ushort> Highs => _highs.AsSpan(0, _size);

    internal ReadOnlySpan<PersonBlock> Blocks => _blocks.AsSpan(0, _size);

    /// <summary>Whether the person was not in the set before.</summary>
    public bool Add(int person)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(person, 1);
        return Block(person >> 16).Add((ushort)person);
    }

    public bool Remove(int person)
    {
        var at = Find(person >> 16);
        return at >= 0 && _blocks[at].Remove((ushort)person);
    }

    public bool Contains(int person)
    {
        var at = Find(person >> 16);
        return at >= 0 && _blocks[at].Contains((ushort)person);
    }

    public void UnionWith(PersonSet other)
    {
        if (ReferenceEquals(other, this))
            return;
        for (var i = 0; i < other._size; i++)
        {
            ref readonly var theirs = ref other._blocks[i];
            ref var mine = ref Block(other._highs[i]);
            if (theirs.Bits is null)
                mine.Union(theirs.Members);
            else
                mine.Union(theirs.Bits, 0);
        }
    }

    /// <summary>Adds the members of a set as <see cref="WriteTo"/> left it, without making it, and moves past it.</summary>
    public void UnionWithSerialized(ref ReadOnlySpan<byte> source) => PersonSetFormat.Read(ref source, this);

    /// <summary>How many are in both sets for whom something is so.</summary>
    public int CountCommon(PersonSet other, Predicate<int> isSo)
    {
        var count = 0;
        for (var i = 0; i < _size; i++)
            if (other.Find(_highs[i]) is var at and >= 0)
                count += PersonBlock.CountCommon(in _blocks[i], in other._blocks[at], _highs[i] << 16, isSo);
        return count;
    }

    public void Clear() => _size = 0;

    public void WriteTo(ByteWriter writer) => PersonSetFormat.Write(writer, this);

    /// <summary>Writes a set of one person, without making it.</summary>
    public static void WriteOne(ByteWriter writer, int person) => PersonSetFormat.WriteOne(writer, person);

    public static PersonSet Read(ref ReadOnlySpan<byte> source)
    {
        var set = new PersonSet();
        set.UnionWithSerialized(ref source);
        return set;
    }

    /// <summary>The members, ascending.</summary>
    public int[] ToArray()
    {
        var members = new int[Count];
        var at = 0;
        foreach (var person in this)
            members[at++] = person;
        return members;
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>The block of these upper bits, made when there is none; good until another block is made.</summary>
    internal ref PersonBlock Block(int high)
    {
        var at = Find(high);
        if (at < 0)
        {
            at = ~at;
            Insert(at, (ushort)high);
        }
        return ref _blocks[at];
    }

    /// <summary>The block of these upper bits; an empty one when there is none.</summary>
    internal PersonBlock BlockAt(int high) => Find(high) is var at and >= 0 ? _blocks[at] : default;

    int Find(int high) => _size > 0 && _highs[_size - 1] < high ? ~_size : Highs.BinarySearch((ushort)high);

    void Insert(int at, ushort high)
    {
        if (_size == _highs.Length)
        {
            Array.Resize(ref _highs, Math.Max(1, _size * 2));
            Array.Resize(ref _blocks, _highs.Length);
        }
        Array.Copy(_highs, at, _highs, at + 1, _size - at);
        Array.Copy(_blocks, at, _blocks, at + 1, _size - at);
        (_highs[at], _blocks[at]) = (high, default);
        _size++;
    }

    /// <summary>Walks the members, ascending.</summary>
    public struct Enumerator
    {
        readonly PersonSet _set;
        int _block;
        int _low;

        internal Enumerator(PersonSet set) => (_set, _low) = (set, -1);

        public int Current { get; private set; }

        public bool MoveNext()
        {
            for (; _block < _set._size; _block++, _low = -1)
            {
                if (!_set._blocks[_block].Next(ref _low, out var member))
                    continue;
                Current = (_set._highs[_block] << 16) | member;
                return true;
            }
            return false;
        }
    }
}
