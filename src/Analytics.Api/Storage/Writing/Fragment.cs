namespace Analytics.Storage.Writing;

/// <summary>
/// A piece of a trace on its way through one transaction: a root with what hangs on it, or a phantom (a parent that is
/// awaited) with what waits for it, or, in passing, a new event that has a parent. Fragments are joined by <see cref="Up"/>.
/// </summary>
sealed class Fragment(Guid id)
{
    public Guid Id { get; } = id;
    public Fragment? Up { get; set; }

    /// <summary>The root's type; 0 for a phantom.</summary>
    public int Type { get; init; }
    public int Person { get; init; }

    /// <summary>The root's or new event's own time, in microseconds.</summary>
    public long Timestamp { get; init; }
    public int Members { get; set; }
    public Dictionary<short, Int128> Sums { get; init; } = [];

    /// <summary>The highest registered field the sums include.</summary>
    public short Fields { get; set; }

    /// <summary>Set for a new event: it becomes a member of the tree it ends in, and is no tree itself unless it has no parent.</summary>
    public NewEvent? New { get; init; }
    public bool IsPhantom { get; init; }

    /// <summary>What the rollups hold for this root so far; null when it is not in them yet.</summary>
    public Dictionary<short, Int128>? Counted { get; set; }

    public Fragment Top
    {
        get
        {
            var top = this;
            while (top.Up is { } up)
                top = up;
            // Short-cut the way, so that long chains of new events stay linear.
            for (var at = this; at.Up is { } next && next != top; at = next)
                at.Up = top;
            return top;
        }
    }

    public void Absorb(Fragment other)
    {
        Members += other.Members;
        foreach (var (field, sum) in other.Sums)
            Sums[field] = Sums.GetValueOrDefault(field) + sum;
    }
}
