using Analytics.Storage.Schema;

namespace Analytics.Storage.Facts;

/// <summary>A fact on its way through one transaction: what it is, and what the store has made of it so far.</summary>
abstract class NewFact(WriteRequest request, IncomingFact incoming)
{
    public WriteRequest Request { get; } = request;
    public IncomingFact Fact { get; } = incoming;
    public Guid Id { get; } = EventId.New(incoming.Timestamp);

    public bool HasKey => !Fact.Key.IsEmpty;

    /// <summary>The hash of its deduplication key.</summary>
    public UInt128 Key { get; } = incoming.Key.IsEmpty ? default : KeyOf(request.Workspace, incoming);

    public int Person { get; set; }

    /// <summary>The hash of the deduplication key that a fact has.</summary>
    public static UInt128 KeyOf(Workspace workspace, IncomingFact fact) =>
        KeyHash.Of(workspace.HashKey, fact.KeyKind, fact.Portal, fact.Key.Span);

    public void Refuse(string pointer, string code, string message) =>
        Request.Refusals.Add(new Refusal(Fact.Index, pointer, code, message));
}

/// <summary>An event on its way through one transaction.</summary>
sealed class NewEvent(WriteRequest request, IncomingEvent incoming) : NewFact(request, incoming)
{
    public IncomingEvent Incoming { get; } = incoming;
    public bool HasParent => !Incoming.ParentId.IsEmpty;

    /// <summary>The hash of what it calls its parent.</summary>
    public UInt128 ParentKey { get; } = incoming.ParentId.IsEmpty
        ? default
        : KeyHash.Of(request.Workspace.HashKey, KeyKind.Event, incoming.Portal, incoming.ParentId.Span);

    public int Type { get; set; }

    /// <summary>The share it names; 0 for none.</summary>
    public int Share { get; set; }

    /// <summary>The key of the subscription it names; empty for none.</summary>
    public Guid Subscription { get; } = incoming.SubscriptionId.IsEmpty
        ? Guid.Empty
        : KeyHash.Of(request.Workspace.HashKey, KeyKind.Subscription, null, incoming.SubscriptionId.Span).ToUuid();

    /// <summary>What its cost is told apart by; null when it has none.</summary>
    public int? CostKey { get; set; }

    /// <summary>What its revenue is told apart by.</summary>
    public int RevenueKey { get; set; }
    public long Sequence { get; set; }

    /// <summary>The parent's id, or the hash of its external id while it is pending.</summary>
    public Guid? Parent { get; set; }

    /// <summary>The node of the trace it joined when it came; null for a root.</summary>
    public Guid? Trace { get; set; }
}
