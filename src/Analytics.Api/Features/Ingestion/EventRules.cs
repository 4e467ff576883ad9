using System.Buffers.Text;
using System.Text.Json;

namespace Analytics.Features.Ingestion;

/// <summary>What an event must satisfy, a row a rule: it reads its members of the draft, says what is wrong, leaves the value.</summary>
static class EventRules
{
    public const int LongestName = 128;

    public static readonly (string Title, Action<EventDraft> Check)[] All =
    [
        ("name: 1 to 128 characters, not one of the service's own", Name),
        ("timestamp: RFC 3339, from 2000 to five minutes from now", draft => FactRules.Timestamp(draft, draft[Member.Timestamp])),
        ("source: system for the reserved names and only for them", Source),
        ("external_id: 1 to 255 characters", draft => draft.ExternalId = FactRules.Id(draft, draft[Member.ExternalId], "/external_id")),
        ("parent_id: 1 to 255 characters, not the event itself", Parent),
        ("customer_id or external_customer_id: one of them, where the name asks for it", Customer),
        ("metadata: an object within the limits", Metadata),
        ("metadata._cost: an amount in the workspace's currency", SpecialMetadata.Cost),
        ("metadata._llm: vendor, model and tokens", SpecialMetadata.Llm),
        ("metadata of reserved names: the name's schema", SpecialMetadata.Reserved),
    ];

    static void Name(EventDraft draft)
    {
        var slice = draft[Member.Name];
        if (slice is { Kind: JsonTokenType.String, Escaped: false } && EventNames.Find(slice.In(draft.Body)) is { } seen)
            draft.Name = seen;
        else if (slice.IsAbsent)
            draft.Refuse("/name", Codes.Required, "An event has a name.");
        else if (FactRules.TryText(draft, slice, "/name", LongestName, out var text))
            draft.Name = EventNames.Keep(text.Span);
        if (draft.Name is { ServicesOwn: true })
            draft.Refuse("/name", Codes.ReservedName, $"{draft.Name.Text} is written by the service itself.");
    }

    static void Source(EventDraft draft)
    {
        var slice = draft[Member.Source];
        if (slice.IsAbsent)
            return;
        var isSystem = slice.Is(draft.Body, "system"u8);
        if (slice.Kind != JsonTokenType.String)
            draft.Refuse("/source", Codes.Type, "source is a string.");
        else if (!isSystem && !slice.Is(draft.Body, "user"u8))
            draft.Refuse("/source", Codes.Source, "source is user or system.");
        else if (draft.Name is { Reserved: null, ServicesOwn: false } && isSystem)
            draft.Refuse("/source", Codes.Source, $"{draft.Name.Text} is no reserved name, so it cannot be system.");
        else if (draft.Name is { Reserved: not null } && !isSystem)
            draft.Refuse("/source", Codes.Source, $"{draft.Name.Text} is a reserved name, so it is always system.");
    }

    static void Parent(EventDraft draft)
    {
        draft.ParentId = FactRules.Id(draft, draft[Member.ParentId], "/parent_id");
        if (!draft.ParentId.IsEmpty && draft.ParentId.Span.SequenceEqual(draft.ExternalId.Span))
            draft.Refuse("/parent_id", Codes.Cycle, "An event is not its own parent.");
    }

    static void Customer(EventDraft draft)
    {
        var byId = draft[Member.CustomerId];
        var byExternalId = draft[Member.ExternalCustomerId];
        if (!byId.IsAbsent)
        {
            if (byId.Kind != JsonTokenType.String)
                draft.Refuse("/customer_id", Codes.Type, "customer_id is a string.");
            else if (TryGuid(byId.Content(draft.Body), out var id))
                draft.CustomerId = id;
            else
                draft.Refuse("/customer_id", Codes.Format, "customer_id is a UUID.");
        }
        draft.ExternalCustomerId = FactRules.Id(draft, byExternalId, "/external_customer_id");

        if (!byId.IsAbsent && !byExternalId.IsAbsent)
            draft.Refuse("/external_customer_id", Codes.Conflict, "An event has customer_id or external_customer_id, not both.");
        if (draft.Scope.Bound is { } bound)
            BoundTo(bound, draft);
        else if (byId.IsAbsent && byExternalId.IsAbsent && draft.Name is { NeedsCustomer: true, ServicesOwn: false })
            draft.Refuse("/customer_id", Codes.Required, "An event has customer_id or external_customer_id.");
    }

    static void BoundTo(Storage.Schema.Customer bound, EventDraft draft)
    {
        // Shares and payments are known by their ids alone: with one of these a portal could make another customer's its own.
        if (draft.Name?.Reserved is not null)
            draft.Refuse("/name", Codes.OtherCustomer, "System events come from the product's backend, not from a customer's key.");
        if (draft.CustomerId is { } id && id != bound.Id)
            draft.Refuse("/customer_id", Codes.OtherCustomer, "The key writes for its own customer only.");
        if (!draft.ExternalCustomerId.IsEmpty && !FactRules.IsText(draft.ExternalCustomerId.Span, bound.ExternalId))
            draft.Refuse("/external_customer_id", Codes.OtherCustomer, "The key writes for its own customer only.");
        if (draft[Member.CustomerId].IsAbsent && draft[Member.ExternalCustomerId].IsAbsent)
            draft.CustomerId = bound.Id;
    }

    static void Metadata(EventDraft draft)
    {
        var slice = draft[Member.Metadata];
        if (!slice.IsAbsent && slice.Kind != JsonTokenType.StartObject)
            draft.Refuse("/metadata", Codes.Type, "metadata is an object.");
        foreach (var (pointer, code, message) in draft.MetadataMembers.Problems)
            draft.Refuse("/metadata" + pointer, code, message);
    }

    static bool TryGuid(ReadOnlySpan<byte> text, out Guid id) =>
        Utf8Parser.TryParse(text, out id, out var used, 'D') && used == text.Length;
}
