namespace Analytics.Storage.Facts;

/// <summary>
/// What facts' keys have, in any order, and then taken in that of the keys. They are sorted by themselves: what they have is wider than
/// they are.
/// </summary>
sealed class SortedByKey<T>
{
    FactKey[] keys = [];
    T[] items = [];
    int[] order = [];
    int count;
    int taken;

    /// <summary>All of it.</summary>
    public IEnumerable<(FactKey Key, T Item)> Items => Enumerable.Range(0, count).Select(at => (keys[at], items[order[at]]));

    /// <summary>The least key of what was not taken yet.</summary>
    public FactKey? Next => taken < count ? keys[taken] : null;

    public void Clear() => (count, taken) = (0, 0);

    public void Add(FactKey key, T item)
    {
        if (count == keys.Length)
        {
            var length = Math.Max(16, 2 * count);
            Array.Resize(ref keys, length);
            Array.Resize(ref items, length);
            Array.Resize(ref order, length);
        }

        (keys[count], items[count], order[count]) = (key, item, count);
        count++;
    }

    public void Sort() => keys.AsSpan(0, count).Sort(order.AsSpan(0, count));

    /// <summary>Takes the next of a key; false when there is no more.</summary>
    public bool TryTake(FactKey key, out T item)
    {
        var isOfKey = taken < count && keys[taken] == key;
        item = isOfKey ? items[order[taken++]] : default!;
        return isOfKey;
    }
}
