using System.Numerics;
using System.Runtime.InteropServices;

namespace Analytics.Sketches;

/// <summary>Members of a <see cref="PersonSet"/> with the same upper 16 bits: a sorted list, or a bitmap once they are many.</summary>
struct PersonBlock
{
    const int MaxListed = 4096;

    /// <summary>A block that is united with others is likely to grow on: it becomes a bitmap earlier.</summary>
    const int MaxListedUnion = 1024;
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
            return (
                (first << 6) + BitOperations.TrailingZeroCount(Bits[first]),
                (last << 6) + 63 - BitOperations.LeadingZeroCount(Bits[last]));
        }
    }

    public bool Add(ushort member)
    {
        if (Bits is not null)
            return SetOne(Bits, member);
        var at = _count > 0 && _members![_count - 1] < member ? ~_count : Members.BinarySearch(member);
        if (at >= 0)
            return false;
        if (_count == MaxListed)
            return SetOne(TurnToBits(), member);
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
        if (Bits is null && _count + members.Length <= (_count == 0 ? MaxListed : MaxListedUnion))
            Merge(members);
        else
            SetAll(TurnToBits(), members);
    }

    /// <summary>Adds the members of a stretch of a bitmap, which starts that many words after the bitmap's start.</summary>
    public void Union(ReadOnlySpan<ulong> words, int start)
    {
        if (Bits is null && CountOf(words) is var listed && _count + listed <= MaxListedUnion)
        {
            Span<ushort> members = stackalloc ushort[listed];
            List(words, start, members);
            Merge(members);
            return;
        }

        var mine = TurnToBits().AsSpan(start, words.Length);
        var count = _count;
        for (var i = 0; i < mine.Length; i++)
        {
            var missing = words[i] & ~mine[i];
            mine[i] |= missing;
            count += BitOperations.PopCount(missing);
        }
        _count = count;
    }

    /// <summary>How many are in both, for whom something is so once their upper bits are put back.</summary>
    public static int CountCommon(ref readonly PersonBlock one, ref readonly PersonBlock other, int high, Predicate<int> isSo)
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
            return last < _count && (member = _members![last]) >= 0;
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

    /// <summary>Sets the bits of all members in words of a whole bitmap that are 0.</summary>
    public readonly void CopyTo(Span<ulong> words)
    {
        if (Bits is not null)
            Bits.CopyTo(words);
        else
            foreach (var member in Members)
                words[member >> 6] |= 1UL << member;
    }

    /// <summary>Sets the bits of all members, whatever other bits are set.</summary>
    public readonly void AddTo(Span<ulong> words)
    {
        if (Bits is null)
        {
            foreach (var member in Members)
                words[member >> 6] |= 1UL << member;
            return;
        }

        ReadOnlySpan<Vector<ulong>> mine = MemoryMarshal.Cast<ulong, Vector<ulong>>(Bits);
        var all = MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
        for (var at = 0; at < all.Length; at++)
            all[at] |= mine[at];
    }

    /// <summary>Merges from the back into room for all, then closes the gap that members of both have left.</summary>
    void Merge(ReadOnlySpan<ushort> members)
    {
        var room = _count + members.Length;
        if (room > (_members?.Length ?? 0))
            Array.Resize(ref _members, _count == 0 ? room : Math.Max(room, _count * 2));
        var all = _members.AsSpan(0, room);
        int kept = _count, merged = room;
        for (var i = members.Length - 1; i >= 0; i--)
        {
            var member = members[i];
            for (; kept > 0 && all[kept - 1] > member; kept--)
                all[--merged] = all[kept - 1];
            if (kept == 0 || all[kept - 1] != member)
                all[--merged] = member;
        }
        all[merged..].CopyTo(all[kept..]);
        _count = kept + room - merged;
    }

    static int CountOf(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
            count += BitOperations.PopCount(word);
        return count;
    }

    static void List(ReadOnlySpan<ulong> words, int start, Span<ushort> members)
    {
        var listed = 0;
        for (var word = 0; word < words.Length; word++)
            for (var rest = words[word]; rest != 0; rest &= rest - 1)
                members[listed++] = (ushort)(((start + word) << 6) | BitOperations.TrailingZeroCount(rest));
    }

    /// <summary>Neighbours share a word and would wait for one another: members a quarter apart do not.</summary>
    void SetAll(ulong[] bits, ReadOnlySpan<ushort> members)
    {
        int count = _count, quarter = members.Length / 4;
        ReadOnlySpan<ushort> second = members[quarter..], third = second[quarter..], fourth = third[quarter..];
        for (var i = 0; i < quarter; i++)
            count += Set(bits, members[i]) + Set(bits, second[i]) + Set(bits, third[i]) + Set(bits, fourth[i]);
        foreach (var member in fourth[quarter..])
            count += Set(bits, member);
        _count = count;
    }

    /// <summary>How many members that adds: 1 or 0.</summary>
    static int Set(ulong[] bits, ushort member)
    {
        ref var word = ref bits[member >> 6];
        var missing = (int)(~word >> member) & 1;
        word |= 1UL << member;
        return missing;
    }

    bool SetOne(ulong[] bits, ushort member)
    {
        var missing = Set(bits, member);
        _count += missing;
        return missing != 0;
    }

    ulong[] TurnToBits()
    {
        if (Bits is not null)
            return Bits;
        var bits = new ulong[Words];
        CopyTo(bits);
        _members = null;
        return Bits = bits;
    }
}
