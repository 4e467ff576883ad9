namespace Analytics.Storage.Traces;

/// <summary>
/// A piece of a trace on its way through one transaction: a root with all below it, a pending parent with all below it, or, in
/// passing, a new event that has a parent. <see cref="Up"/> joins nodes.
/// </summary>
sealed class TraceNode(Guid id)
{
    public Guid Id { get; } = id;
    public TraceNode? Up { get; set; }

    /// <summary>A parent that was named but has not come, or that retention let go: it has no type, person or time.</summary>
    public bool IsPending { get; init; }

    /// <summary>Whether it has a row already.</summary>
    public bool IsStored { get; init; }

    public int Type { get; init; }
    public int Person { get; init; }

    /// <summary>The root's or new event's own time, in microseconds.</summary>
    public long Timestamp { get; init; }
    public int Members { get; set; }
    public Dictionary<short, Int128> Sums { get; init; } = [];

    /// <summary>The highest registered field the sums include.</summary>
    public short Fields { get; set; }

    /// <summary>The metadata of a stored root that had no children, and so no node; empty for a parent that retention let go.</summary>
    public byte[]? Metadata { get; init; }

    /// <summary>What the rollups hold for this root so far; null when it is not in them yet.</summary>
    public Dictionary<short, Int128>? Counted { get; set; }

    public TraceNode Top
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

    public void Add(List<(short Field, Int128 Value)> values)
    {
        foreach (var (field, value) in values)
            Sums.Add(field, value);
    }

    public void Absorb(TraceNode other)
    {
        Members += other.Members;
        foreach (var (field, sum) in other.Sums)
            Sums[field] = Sums.GetValueOrDefault(field) + sum;
    }
}
