namespace Analytics.Storage.Traces;

/// <summary>
/// A piece of a trace on its way through one transaction: a root, a pending parent, or, in passing, a new event that has a parent; with
/// all that was joined to it. <see cref="Join"/> makes two of them one.
/// </summary>
sealed class TraceNode(Guid id)
{
    public Guid Id { get; } = id;

    /// <summary>The node it was joined to. Without one it stands for its trace, and only then the rest means something.</summary>
    public TraceNode? Up { get; private set; }

    /// <summary>Whether it has a row or gets one. New events that have a parent are members only.</summary>
    public bool HasRow { get; init; } = true;

    /// <summary>Whether it has a row already.</summary>
    public bool IsStored { get; init; }

    /// <summary>The id of the trace's root; the hash it was named by while it is pending.</summary>
    public required Guid Root { get; set; }

    /// <summary>The root's type; null while the root is pending, or when retention let it go.</summary>
    public required int? Type { get; set; }

    /// <summary>The root's person, 0 for nobody; a member's while the root is pending, null when there is no member.</summary>
    public required int? Person { get; set; }

    /// <summary>Whether some member is of another person.</summary>
    public bool IsMixed { get; set; }

    public bool IsPending => Type is null;
    public int Members { get; set; }
    public Dictionary<short, Int128> Sums { get; init; } = [];

    /// <summary>The highest registered field the sums include.</summary>
    public short Fields { get; set; }

    /// <summary>The metadata of a stored root that had no children, and so no node; empty for a parent that retention let go.</summary>
    public byte[]? Metadata { get; init; }

    /// <summary>What the rollups hold for the root so far; null when it is not in them yet.</summary>
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

    /// <summary>
    /// Makes the trace of a child, as yet without its parent, part of the parent's. The node with more members stays: each step of a
    /// stored way up at least doubles them, so that no way gets longer than their logarithm, whatever clients prepare.
    /// </summary>
    /// <param name="child">The top of the child's trace.</param>
    /// <param name="parent">The top of the parent's.</param>
    public static void Join(TraceNode child, TraceNode parent)
    {
        var isChildLarger = child.HasRow == parent.HasRow ? child.Members > parent.Members : child.HasRow;
        var (stays, goes) = isChildLarger ? (child, parent) : (parent, child);
        stays.IsMixed = child.IsMixed || parent.IsMixed
            || (child.Person is { } one && parent.Person is { } other && one != other);
        (stays.Root, stays.Type, stays.Person, stays.Counted) = (parent.Root, parent.Type, parent.Person ?? child.Person, parent.Counted);
        stays.Members += goes.Members;
        goes.Up = stays;
    }

    public void Add(List<(short Field, Int128 Value)> values)
    {
        foreach (var (field, value) in values)
            Sums.Add(field, value);
    }

    /// <summary>Takes over the sums of a node that was joined to it.</summary>
    public void Absorb(TraceNode other)
    {
        foreach (var (field, sum) in other.Sums)
            Sums[field] = Sums.GetValueOrDefault(field) + sum;
    }
}
