using System.Text;
using System.Text.Json;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Features.Ingestion;

/// <summary>The members of an event that we know, by their place in <see cref="EventDraft.Names"/>.</summary>
enum Member
{
    Name,
    CustomerId,
    ExternalCustomerId,
    ExternalId,
    ParentId,
    Timestamp,
    Source,
    Metadata,
}

/// <summary>What the rules compare with: the workspace, who may be named, and the time.</summary>
/// <param name="Currency">The workspace's, in which costs must be.</param>
/// <param name="Bound">The only customer the key may write for, if it is bound to one.</param>
/// <param name="Now">Microseconds since 1970.</param>
sealed record IngestScope(string Currency, Customer? Bound, long Now);

/// <summary>The event being read: first where its members stand, then, rule by rule, what they say. Reused from event to event.</summary>
sealed class EventDraft(byte[] body, IngestScope scope, Findings findings)
{
    /// <summary>In the order of <see cref="Member"/>.</summary>
    public static readonly byte[][] Names =
    [
        [.. "name"u8], [.. "customer_id"u8], [.. "external_customer_id"u8], [.. "external_id"u8], [.. "parent_id"u8],
        [.. "timestamp"u8], [.. "source"u8], [.. "metadata"u8],
    ];

    readonly JsonSlice[] members = new JsonSlice[Names.Length];

    public byte[] Body => body;
    public IngestScope Scope => scope;
    public MetadataReader MetadataMembers { get; } = new(body);

    public int Index { get; private set; }
    public EventName? Name { get; set; }
    public long Timestamp { get; set; }
    public Guid? CustomerId { get; set; }
    public ReadOnlyMemory<byte> ExternalCustomerId { get; set; }
    public ReadOnlyMemory<byte> ExternalId { get; set; }
    public ReadOnlyMemory<byte> ParentId { get; set; }
    public Int128? Cost { get; set; }
    public TokenCounts Tokens { get; set; }

    /// <summary>The tokens in all, where <c>_llm</c> counts both kinds but leaves the total out.</summary>
    public long? TotalToStore { get; set; }

    public ref JsonSlice this[Member member] => ref members[(int)member];

    public void Begin(int index)
    {
        Index = index;
        Array.Clear(members);
        MetadataMembers.Clear();
        Name = null;
        Timestamp = scope.Now;
        CustomerId = null;
        ExternalCustomerId = ExternalId = ParentId = default;
        Cost = null;
        Tokens = default;
        TotalToStore = null;
    }

    public void Refuse(string pointer, string code, string message) => findings.Add(Index, pointer, code, message);

    public IncomingEvent Finish() => new()
    {
        Index = Index,
        Name = Name!.Text,
        Source = Name.Reserved is null ? EventSource.User : EventSource.System,
        Timestamp = Timestamp,
        CustomerId = CustomerId,
        ExternalCustomerId = ExternalCustomerId,
        ExternalId = ExternalId,
        ParentId = ParentId,
        Metadata = MetadataToStore(),
        ShareId = ShareId(),
        Portal = scope.Bound?.Id,
        Fields = new FieldValues(Cost, Tokens.Input, Tokens.Output, Tokens.Total, Tokens.CachedInput),
    };

    // Shares are the backend's: a portal key that names one says nothing of it.
    ReadOnlyMemory<byte> ShareId() =>
        scope.Bound is null && MetadataMembers.Find("share_id"u8) is { Kind: JsonTokenType.String } share ? TextOf(share) : default;

    // The total goes to the end of _llm: of a repeated key the last counts, should it have been sent as null.
    ReadOnlyMemory<byte> MetadataToStore()
    {
        var metadata = this[Member.Metadata];
        if (metadata.IsAbsent)
            return default;
        var sent = body.AsMemory(metadata.Start, metadata.Length);
        if (TotalToStore is not { } total)
            return sent;
        var llm = MetadataMembers.Find("_llm"u8);
        var end = llm.Start + llm.Length - 1 - metadata.Start;
        return (byte[])[.. sent.Span[..end], .. Encoding.UTF8.GetBytes($",\"total_tokens\":{total}"), .. sent.Span[end..]];
    }

    ReadOnlyMemory<byte> TextOf(JsonSlice text) =>
        text.Escaped ? text.Unescaped(body) : body.AsMemory(text.Start, text.Length);
}

/// <summary>What <c>_llm</c> counts, in units of 1e-12.</summary>
readonly record struct TokenCounts(Int128? Input, Int128? Output, Int128? Total, Int128? CachedInput);
