using System.Diagnostics.CodeAnalysis;

namespace Analytics.Http;

/// <summary>The first so many in an order, of any number that come: only these are kept.</summary>
/// <param name="most">How many are kept.</param>
/// <param name="order">What comes first.</param>
sealed class Foremost<T, TRank>(int most, Comparison<TRank> order)
{
    // The last one goes first.
    readonly PriorityQueue<T, TRank> kept = new(Comparer<TRank>.Create((one, other) => order(other, one)));

    /// <summary>The last of them, when there are as many as are kept: what comes after it is not taken.</summary>
    public bool TryLast([MaybeNullWhen(false)] out TRank last) =>
        kept.TryPeek(out _, out last) && kept.Count == most;

    public void Add(T item, TRank rank)
    {
        if (!TryLast(out var last))
            kept.Enqueue(item, rank);
        else if (order(rank, last) < 0)
            kept.DequeueEnqueue(item, rank);
    }

    public void Add(Foremost<T, TRank> others)
    {
        foreach (var (item, rank) in others.kept.UnorderedItems)
            Add(item, rank);
    }

    public List<(T Item, TRank Rank)> InOrder()
    {
        var found = kept.UnorderedItems.Select(one => (Item: one.Element, Rank: one.Priority)).ToList();
        found.Sort((one, other) => order(one.Rank, other.Rank));
        return found;
    }
}
