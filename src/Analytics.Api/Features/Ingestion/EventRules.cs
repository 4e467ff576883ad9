using System.Buffers.Text;
using System.Text.Json;
using Analytics.Time;

namespace Analytics.Features.Ingestion;

/// <summary>What an event must satisfy, a row a rule: it reads its members of the draft, says what is wrong, leaves the value.</summary>
static class EventRules
{
    public const int LongestName = 128;
    public const int LongestId = 255;
    const long Microseconds = 1_000_000;
    const long MaxAhead = 5 * 60 * Microseconds;
    static readonly long Earliest = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Microseconds;

    public static readonly (string Title, Action<EventDraft> Check)[] All =
    [
        ("name: 1 to 128 characters, not one of the service's own", Name),
        ("timestamp: RFC 3339, from 2000 to five minutes from now", Timestamp),
        ("source: system for the reserved names and only for them", Source),
        ("external_id: 1 to 255 characters", draft => draft.ExternalId = Id(draft, Member.ExternalId, "/external_id")),
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
        else if (TryText(draft, slice, "/name", LongestName, out var text))
            draft.Name = EventNames.Keep(text.Span);
        if (draft.Name is { ServicesOwn: true })
            draft.Refuse("/name", Codes.ReservedName, $"{draft.Name.Text} is written by the service itself.");
    }

    static void Timestamp(EventDraft draft)
    {
        var slice = draft[Member.Timestamp];
        if (slice.IsAbsent)
            return;
        if (slice.Kind != JsonTokenType.String)
            draft.Refuse("/timestamp", Codes.Type, "A timestamp is a string.");
        else if (!Rfc3339.TryParse(slice.Content(draft.Body), out var microseconds))
            draft.Refuse("/timestamp", Codes.Format, "A timestamp is RFC 3339 with an offset, like 2026-03-27T10:00:00Z.");
        else if (microseconds < Earliest)
            draft.Refuse("/timestamp", Codes.Range, "A timestamp is not before 2000-01-01.");
        else if (microseconds > draft.Scope.Now + MaxAhead)
            draft.Refuse("/timestamp", Codes.Range, "A timestamp is at most five minutes in the future.");
        else
            draft.Timestamp = microseconds;
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
        draft.ParentId = Id(draft, Member.ParentId, "/parent_id");
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
        draft.ExternalCustomerId = Id(draft, Member.ExternalCustomerId, "/external_customer_id");

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
        if (!draft.ExternalCustomerId.IsEmpty && !IsText(draft.ExternalCustomerId.Span, bound.ExternalId))
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

    static ReadOnlyMemory<byte> Id(EventDraft draft, Member member, string pointer)
    {
        var slice = draft[member];
        return !slice.IsAbsent && TryText(draft, slice, pointer, LongestId, out var text) ? text : default;
    }

    /// <summary>
    /// A string of 1 to <paramref name="longest"/> characters, not all of them blanks, that can be stored; says what is wrong otherwise.
    /// </summary>
    public static bool TryText(EventDraft draft, JsonSlice slice, string pointer, int longest, out ReadOnlyMemory<byte> text)
    {
        text = default;
        if (slice.Kind != JsonTokenType.String)
        {
            draft.Refuse(pointer, Codes.Type, $"{pointer[1..]} is a string.");
            return false;
        }
        var fault = JsonText.Inspect(slice.In(draft.Body), slice.Escaped, out var characters);
        if (characters == 0 || characters > longest)
            draft.Refuse(pointer, Codes.Length, $"{pointer[1..]} has 1 to {longest} characters.");
        if (fault != TextFault.None)
            draft.Refuse(pointer, CodeOf(fault), Words(fault));
        if (characters == 0 || characters > longest || fault != TextFault.None)
            return false;

        text = slice.Escaped ? slice.Unescaped(draft.Body) : draft.Body.AsMemory(slice.Start, slice.Length);
        if (!JsonText.IsBlank(text.Span))
            return true;
        draft.Refuse(pointer, Codes.Blank, $"{pointer[1..]} is not blank.");
        return false;
    }

    public static string CodeOf(TextFault fault) => fault == TextFault.Nul ? Codes.Nul : Codes.Surrogate;

    public static string Words(TextFault fault) =>
        fault == TextFault.Nul ? "A text holds no NUL character." : "A text holds no half of a surrogate pair.";

    static bool TryGuid(ReadOnlySpan<byte> text, out Guid id) =>
        Utf8Parser.TryParse(text, out id, out var used, 'D') && used == text.Length;

    static bool IsText(ReadOnlySpan<byte> utf8, string? text) =>
        text is not null && System.Text.Encoding.UTF8.GetString(utf8) == text;
}
