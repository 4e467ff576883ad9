using Analytics.Storage.Schema;

namespace Analytics.Storage.Facts;

/// <summary>
/// A fact that passed validation, on its way to the store. Texts are UTF-8 and may point into the request's body, which must live
/// until the write has been answered.
/// </summary>
abstract class IncomingFact
{
    // What the objects around its texts weigh.
    protected const int Overhead = 300;

    public abstract FactKind Kind { get; }

    /// <summary>What it takes of the queue, in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Its place in the request, for pointers in refusals.</summary>
    public required int Index { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Where it says who its person is, by our id and by the product's: for pointers in refusals.</summary>
    public virtual string CustomerPointer => "/customer_id";
    public virtual string ExternalCustomerPointer => "/external_customer_id";

    /// <summary>At most one of these two names the person.</summary>
    public Guid? CustomerId { get; init; }
    public ReadOnlyMemory<byte> ExternalCustomerId { get; init; }

    /// <summary>What clients call it, and the deduplication key unless there is a hidden one; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ExternalId { get; init; }

    /// <summary>A deduplication key nobody gets to see: of it only the hash is stored.</summary>
    public ReadOnlyMemory<byte> HiddenKey { get; init; }

    /// <summary>The deduplication key; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Key => HiddenKey.IsEmpty ? ExternalId : HiddenKey;

    /// <summary>The key space of the deduplication key.</summary>
    public KeyKind KeyKind { get; init; }

    /// <summary>The customer whose portal key sent it, whose ids are a space of their own; null for every other key.</summary>
    public Guid? Portal { get; init; }
}

/// <summary>An event that passed validation.</summary>
sealed class IncomingEvent : IncomingFact
{
    public override FactKind Kind => EventFacts.Section.Kind;

    public override long Bytes => Metadata.Length + Overhead;

    public required string Name { get; init; }
    public EventSource Source { get; init; }

    /// <summary>The parent's id or external id, as sent; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ParentId { get; init; }

    /// <summary>The share it names in <c>metadata.share_id</c>; empty when there is none, and of what portal keys send.</summary>
    public ReadOnlyMemory<byte> ShareId { get; init; }

    /// <summary>The subscription it names in <c>metadata.subscription_id</c>; empty as the share is.</summary>
    public ReadOnlyMemory<byte> SubscriptionId { get; init; }

    /// <summary>What its cost is told apart by, as one text; empty when the cost names none of it, or there is none.</summary>
    public ReadOnlyMemory<byte> CostKey { get; init; }

    /// <summary>The same of what a payment brings: its product and subscription.</summary>
    public ReadOnlyMemory<byte> RevenueKey { get; init; }

    /// <summary>The metadata object as valid JSON; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>The built-in numeric fields found in the metadata.</summary>
    public FieldValues Fields { get; init; }

    /// <summary>What the metadata says of its place in the event log.</summary>
    public LogWords Log { get; init; }
}

/// <summary>
/// The numeric fields every workspace has, in units of 1e-12 (see <see cref="FieldCatalogue"/>); null where the event
/// has none or one that may not be aggregated. Few events tell of tokens: the others need no room for them.
/// </summary>
readonly record struct FieldValues
{
    readonly TokenValues? tokens;

    public FieldValues(Int128? cost, Int128? inputTokens, Int128? outputTokens, Int128? totalTokens, Int128? cachedInputTokens)
    {
        Cost = cost;
        tokens = (inputTokens ?? outputTokens ?? totalTokens ?? cachedInputTokens) is null
            ? null : new TokenValues(inputTokens, outputTokens, totalTokens, cachedInputTokens);
    }

    public Int128? Cost { get; }
    public Int128? InputTokens => tokens?.Input;
    public Int128? OutputTokens => tokens?.Output;
    public Int128? TotalTokens => tokens?.Total;
    public Int128? CachedInputTokens => tokens?.CachedInput;

    sealed record TokenValues(Int128? Input, Int128? Output, Int128? Total, Int128? CachedInput);
}

/// <summary>What became of a request's facts. Refusals are found only while writing (unknown customers, cycles).</summary>
sealed record WriteResult(int Inserted, int Duplicates, IReadOnlyList<Refusal> Refusals);

/// <summary>A fact the store will not take: its index in the request, a pointer inside the fact, why.</summary>
sealed record Refusal(int Index, string Pointer, string Code, string Message);
