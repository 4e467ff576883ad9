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

/// <summary>The event being read.</summary>
sealed class EventDraft(byte[] body, IngestScope scope, Findings findings)
    : FactDraft(body, scope, findings, Names, new MetadataReader(body), (int)Member.Metadata)
{
    /// <summary>In the order of <see cref="Member"/>.</summary>
    public static readonly byte[][] Names =
    [
        [.. "name"u8], [.. "customer_id"u8], [.. "external_customer_id"u8], [.. "external_id"u8], [.. "parent_id"u8],
        [.. "timestamp"u8], [.. "source"u8], [.. "metadata"u8],
    ];

    const string Payment = "payment.completed";

    static readonly byte[][] LogMembers = [[.. "severity"u8], [.. "category"u8]];

    public MetadataReader MetadataMembers => Metadata!;
    public EventName? Name { get; set; }
    public ReadOnlyMemory<byte> ParentId { get; set; }
    public Int128? Cost { get; set; }
    public TokenCounts Tokens { get; set; }

    /// <summary>Vendor and model of <c>_llm</c>.</summary>
    public JsonSlice Vendor { get; set; }
    public JsonSlice Model { get; set; }

    /// <summary>The tokens in all, where <c>_llm</c> counts both kinds but leaves the total out.</summary>
    public long? TotalToStore { get; set; }

    public ref JsonSlice this[Member member] => ref this[(int)member];

    public override void Check()
    {
        foreach (var (_, check) in EventRules.All)
            check(this);
    }

    public override IncomingEvent Finish() => new()
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
        ShareId = IdOfBackend("share_id"u8),
        SubscriptionId = IdOfBackend("subscription_id"u8),
        CostKey = Cost is null ? default : CostKeyOf(Named("cost_category"u8), TextOf(Vendor), TextOf(Model)),
        RevenueKey = Name.Text == Payment ? CostKeyOf(default, default, default) : default,
        Portal = Scope.Bound?.Id,
        Log = Log(),
        Fields = new FieldValues(Cost, Tokens.Input, Tokens.Output, Tokens.Total, Tokens.CachedInput),
    };

    protected override void Clear()
    {
        Name = null;
        ParentId = default;
        Cost = null;
        Tokens = default;
        (Vendor, Model) = (default, default);
        TotalToStore = null;
    }

    LogWords Log()
    {
        if (MetadataMembers.Find("_log"u8) is not { Kind: JsonTokenType.StartObject } said)
            return default;
        Span<JsonSlice> words = stackalloc JsonSlice[LogMembers.Length];
        said.Members(Body, LogMembers, words);
        return LogWords.Of(Word(words[0]), Word(words[1]));
    }

    string? Word(JsonSlice word) => word.Kind == JsonTokenType.String ? word.Text(Body) : null;

    // Shares and subscriptions are the backend's: a portal key that names one says nothing of it.
    ReadOnlyMemory<byte> IdOfBackend(ReadOnlySpan<byte> member) => Scope.Bound is null ? Named(member) : default;

    ReadOnlyMemory<byte> CostKeyOf(ReadOnlyMemory<byte> category, ReadOnlyMemory<byte> vendor, ReadOnlyMemory<byte> model) =>
        Storage.Business.CostKey.Of([Named("product_id"u8), vendor, model, category, IdOfBackend("subscription_id"u8)]);

    ReadOnlyMemory<byte> Named(ReadOnlySpan<byte> member) => TextOf(MetadataMembers.Find(member));

    // The total goes to the end of _llm: of a repeated key the last counts, should it have been sent as null.
    ReadOnlyMemory<byte> MetadataToStore()
    {
        var metadata = this[Member.Metadata];
        if (metadata.IsAbsent)
            return default;
        var sent = Body.AsMemory(metadata.Start, metadata.Length);
        if (TotalToStore is not { } total)
            return sent;
        var llm = MetadataMembers.Find("_llm"u8);
        var end = llm.Start + llm.Length - 1 - metadata.Start;
        return (byte[])[.. sent.Span[..end], .. Encoding.UTF8.GetBytes($",\"total_tokens\":{total}"), .. sent.Span[end..]];
    }

    /// <summary>The text as UTF-8; empty of whatever is no text.</summary>
    ReadOnlyMemory<byte> TextOf(JsonSlice text) => text.Kind != JsonTokenType.String ? default
        : text.Escaped ? text.Unescaped(Body)
        : Body.AsMemory(text.Start, text.Length);
}

/// <summary>What <c>_llm</c> counts, in units of 1e-12.</summary>
readonly record struct TokenCounts(Int128? Input, Int128? Output, Int128? Total, Int128? CachedInput);
