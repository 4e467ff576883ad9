namespace Analytics.Storage.Writing;

/// <summary>An event on its way through one transaction: what it is, and what the store has made of it so far.</summary>
sealed class NewEvent(WriteRequest request, IncomingEvent incoming)
{
    public WriteRequest Request { get; } = request;
    public IncomingEvent Incoming { get; } = incoming;
    public Guid Id { get; } = EventId.New(incoming.Timestamp);

    public bool HasKey => !Incoming.Key.IsEmpty;
    public UInt128 Key { get; init; }
    public bool HasParent => !Incoming.ParentId.IsEmpty;
    public UInt128 ParentKey { get; init; }

    public int Type { get; set; }
    public int Person { get; set; }

    /// <summary>The share it names; 0 for none.</summary>
    public int Share { get; set; }
    public long Sequence { get; set; }

    /// <summary>The parent's id, or the hash of its external id while it is awaited.</summary>
    public Guid? Parent { get; set; }

    /// <summary>The tree it joined when it came; null for a root.</summary>
    public Guid? Tree { get; set; }

    public void Refuse(string pointer, string code, string message) =>
        Request.Refusals.Add(new Refusal(Incoming.Index, pointer, code, message));
}
