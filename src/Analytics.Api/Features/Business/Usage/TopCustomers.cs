namespace Analytics.Features.Business.Usage;

/// <summary>So many of those who used most, whoever else there is.</summary>
sealed class TopCustomers(int most)
{
    // The one that goes first is the least of them: of equals the one with the largest number.
    readonly PriorityQueue<int, (Int128 Units, int Person)> kept = new();

    /// <summary>Adds what somebody used, once each.</summary>
    public void Add(int person, Int128 units)
    {
        if (kept.Count < most)
            kept.Enqueue(person, (units, -person));
        else if (kept.TryPeek(out _, out var least) && (units, -person).CompareTo(least) > 0)
            kept.DequeueEnqueue(person, (units, -person));
    }

    public void Add(TopCustomers others)
    {
        foreach (var (person, (units, _)) in others.kept.UnorderedItems)
            Add(person, units);
    }

    /// <summary>The largest first, of equals the smaller number.</summary>
    public List<(int Person, Int128 Units)> InOrder() =>
        [.. kept.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => (one.Element, one.Priority.Units))];
}
