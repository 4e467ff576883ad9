using System.Numerics;

namespace Analytics.Sketches;

/// <summary>The members of a <see cref="PersonSet"/> that share their upper 16 bits: a sorted list, or a bitmap once they are many.</summary>
struct PersonBlock
{
    const int MostListed = 4096;

    /// <summary>A block that is united with others is likely to grow on: it becomes a bitmap earlier.</summary>
    const int MostListedUnion = 1024;

    public const int Words = 1024;

    ushort[]? _members;
    int _count;

    public ulong[]? Bits { get; private set; }

    public readonly int Count => _count;

    /// <summary>The members of a block without a bitmap.</summary>
    public readonly ReadOnlySpan<ushort> Members => _members.AsSpan(0, _count);

    /// <summary>The first and last member of a block that has some.</summary>
    public readonly (int First, int Last) Ends
    {
        get
        {
            if (_count == 0)
                return (0, 0);
            if (Bits is null)
                return (_members![0], _members[_count - 1]);
            var (first, last) = (Bits.AsSpan().IndexOfAnyExcept(0UL), Bits.AsSpan().LastIndexOfAnyExcept(0UL));
            return ((first << 6) + BitOperations.TrailingZeroCount(Bits[first]), (last << 6) + 63 - BitOperations.LeadingZeroCount(Bits[last]));
        }
    }

    public bool Add(ushort member)
    {
        if (Bits is not null)
            return Set(Bits, member);
        var at = _count > 0 && _members![_count - 1] < member ? ~_count : Members.BinarySearch(member);
        if (at >= 0)
            return false;
        if (_count == MostListed)
            return Set(TurnToBits(), member);
        at = ~at;
        if (_count == (_members?.Length ?? 0))
            Array.Resize(ref _members, Math.Max(2, _count * 2));
        Array.Copy(_members!, at, _members!, at + 1, _count - at);
        _members![at] = member;
        _count++;
        return true;
    }

    public bool Remove(ushort member)
    {
        if (Bits is not null)
        {
            var had = Contains(member);
            Bits[member >> 6] &= ~(1UL << member);
            _count -= had ? 1 : 0;
            return had;
        }
        var at = Members.BinarySearch(member);
        if (at < 0)
            return false;
        _count--;
        Array.Copy(_members!, at + 1, _members!, at, _count - at);
        return true;
    }

    public readonly bool Contains(ushort member) =>
        Bits is not null ? (Bits[member >> 6] >> member & 1) != 0 : Members.BinarySearch(member) >= 0;

    /// <summary>Adds members that are sorted and distinct.</summary>
    public void Union(ReadOnlySpan<ushort> members)
    {
        if (Bits is null && _count > 0 && members.Length <= 4)
        {
            foreach (var member in members)
                Add(member);
        }
        else if (Bits is null && _count + members.Length <= (_count == 0 ? MostListed : MostListedUnion))
        {
            Merge(members);
        }
        else
        {
            var bits = TurnToBits();
            var count = _count;
            foreach (var member in members)
            {
                ref var word = ref bits[member >> 6];
                count += (int)(~word >> member & 1);
                word |= 1UL << member;
            }
            _count = count;
        }
    }

    public void Union(ReadOnlySpan<ulong> bits)
    {
        var mine = TurnToBits();
        var count = 0;
        for (var i = 0; i < mine.Length; i++)
        {
            mine[i] |= bits[i];
            count += BitOperations.PopCount(mine[i]);
        }
        _count = count;
    }

    /// <summary>How many are in both, for whom something is so once their upper bits are put back.</summary>
    public static int CountCommon(in PersonBlock one, in PersonBlock other, int high, Predicate<int> isSo)
    {
        var count = 0;
        if (one.Bits is { } bits && other.Bits is { } others)
        {
            for (var word = 0; word < Words; word++)
                for (var both = bits[word] & others[word]; both != 0; both &= both - 1)
                    count += isSo(high | (word << 6) | BitOperations.TrailingZeroCount(both)) ? 1 : 0;
            return count;
        }

        var (listed, all) = one.Bits is null && (other.Bits is not null || one._count <= other._count) ? (one, other) : (other, one);
        foreach (var member in listed.Members)
            if (all.Contains(member))
                count += isSo(high | member) ? 1 : 0;
        return count;
    }

    /// <summary>The next member after <paramref name="last"/>: a place in the list, or the member itself in a bitmap.</summary>
    public readonly bool Next(ref int last, out int member)
    {
        member = 0;
        last++;
        if (Bits is null)
        {
            if (last < _count)
                member = _members![last];
            return last < _count;
        }
        for (var word = last >> 6; word < Words; last = ++word << 6)
        {
            var rest = Bits[word] >> last;
            if (rest == 0)
                continue;
            member = last += BitOperations.TrailingZeroCount(rest);
            return true;
        }
        return false;
    }

    /// <summary>Merges from the back once it is known how many are new.</summary>
    void Merge(ReadOnlySpan<ushort> members)
    {
        var missing = CountMissing(members);
        if (missing == 0)
            return;
        if (_count + missing > (_members?.Length ?? 0))
            Array.Resize(ref _members, _count == 0 ? missing : Math.Max(_count + missing, _count * 2));
        int mine = _count - 1, target = _count + missing - 1;
        for (var i = members.Length - 1; target > mine; i--)
        {
            for (; mine >= 0 && _members![mine] > members[i]; mine--)
                _members[target--] = _members[mine];
            if (mine < 0 || _members![mine] != members[i])
                _members![target--] = members[i];
        }
        _count += missing;
    }

    readonly int CountMissing(ReadOnlySpan<ushort> members)
    {
        var mine = Members;
        int at = 0, missing = 0;
        foreach (var member in members)
        {
            while (at < mine.Length && mine[at] < member)
                at++;
            if (at == mine.Length || mine[at] != member)
                missing++;
        }
        return missing;
    }

    bool Set(ulong[] bits, ushort member)
    {
        ref var word = ref bits[member >> 6];
        var isNew = (word >> member & 1) == 0;
        word |= 1UL << member;
        _count += isNew ? 1 : 0;
        return isNew;
    }

    ulong[] TurnToBits()
    {
        if (Bits is not null)
            return Bits;
        var bits = new ulong[Words];
        foreach (var member in Members)
            bits[member >> 6] |= 1UL << member;
        _members = null;
        return Bits = bits;
    }
}
