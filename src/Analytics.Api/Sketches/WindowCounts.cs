using System.Numerics;

namespace Analytics.Sketches;

/// <summary>
/// How many members the sets of each window have together: of the sets of days, who was there in the 30 days that end with each. Every
/// set is looked at once where members are few, and three times, word by word, where they are many; no union is made.
/// </summary>
/// <param name="window">How many sets follow each other in a window.</param>
sealed class WindowCounts(int window)
{
    /// <summary>From so many members of a block a set on, words are faster than members.</summary>
    const int ManyMembers = 400;

    /// <summary>The most sets that can be counted at once.</summary>
    public const int MaxSets = byte.MaxValue;

    // The last set that each member of a block is in, counted from 1, and how many members that is for each set.
    readonly byte[] last = new byte[1 << 16];
    readonly int[] lastIn = new int[MaxSets + 1];
    ulong[][]? unions;

    /// <summary>The count of each window of sets, the first of which begins with the first set. A set that is null is empty.</summary>
    public int[] Of(IReadOnlyList<PersonSet?> sets)
    {
        if (sets.Count > MaxSets)
            throw new ArgumentException($"At most {MaxSets} sets are counted.", nameof(sets));
        var counts = new int[Math.Max(0, sets.Count - window + 1)];
        var blocks = new PersonBlock[sets.Count];
        foreach (var high in HighsOf(sets))
        {
            var members = 0L;
            for (var at = 0; at < sets.Count; at++)
                members += (blocks[at] = sets[at]?.BlockAt(high) ?? default).Count;
            if (members > (long)ManyMembers * sets.Count)
                CountWords(blocks, counts);
            else if (members > 0)
                CountMembers(blocks, counts);
        }

        return counts;
    }

    static SortedSet<ushort> HighsOf(IReadOnlyList<PersonSet?> sets)
    {
        var highs = new SortedSet<ushort>();
        foreach (var set in sets)
            foreach (var high in set is null ? [] : set.Highs)
                highs.Add(high);
        return highs;
    }

    /// <summary>A member is in a window when the last set it was seen in is.</summary>
    void CountMembers(ReadOnlySpan<PersonBlock> blocks, int[] counts)
    {
        Array.Clear(last);
        Array.Clear(lastIn);
        for (var at = 0; at < blocks.Length; at++)
        {
            var place = -1;
            while (blocks[at].Next(ref place, out var member))
            {
                ref var seen = ref last[member];
                lastIn[seen]--;
                seen = (byte)(at + 1);
                lastIn[seen]++;
            }

            if (at >= window - 1)
                counts[at - window + 1] += LastInWindow(at);
        }
    }

    int LastInWindow(int end)
    {
        var count = 0;
        foreach (var members in lastIn.AsSpan(end - window + 2, window))
            count += members;
        return count;
    }

    /// <summary>
    /// Sets in pieces as long as a window: each window is the end of one, whose unions are made from behind, and the beginning of the next.
    /// </summary>
    void CountWords(ReadOnlySpan<PersonBlock> blocks, int[] counts)
    {
        unions ??= [.. Enumerable.Range(0, window + 1).Select(_ => new ulong[PersonBlock.Words])];
        var beginning = unions[window];
        for (var first = 0; first < counts.Length; first += window)
        {
            for (var at = window - 1; at >= 0; at--)
            {
                if (at == window - 1)
                    Array.Clear(unions[at]);
                else
                    unions[at + 1].CopyTo(unions[at].AsSpan());
                blocks[first + at].AddTo(unions[at]);
            }

            Array.Clear(beginning);
            for (var at = 0; at < window && first + at < counts.Length; at++)
            {
                if (at > 0)
                    blocks[first + at + window - 1].AddTo(beginning);
                counts[first + at] += CountOfBoth(unions[at], beginning);
            }
        }
    }

    static int CountOfBoth(ulong[] one, ulong[] other)
    {
        var count = 0;
        for (var word = 0; word < PersonBlock.Words; word++)
            count += BitOperations.PopCount(one[word] | other[word]);
        return count;
    }
}
