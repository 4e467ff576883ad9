using System.Collections.Frozen;
using System.Text;

namespace Analytics.Storage;

/// <summary>What a member of a reserved name's metadata must be.</summary>
enum MemberKind
{
    /// <summary>A string of 1 to 255 characters.</summary>
    Text,

    /// <summary>An integer from 0 to 1e15: cents or bytes.</summary>
    Count,

    /// <summary>An RFC 3339 instant with an offset.</summary>
    Instant,
}

/// <summary>A member of a reserved name's metadata.</summary>
sealed record ReservedMember(string Name, MemberKind Kind, bool Required)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);
}

/// <summary>A name whose events come from the product's backend and feed metrics, so that their metadata has a schema.</summary>
sealed record ReservedName(string Name, params IReadOnlyList<ReservedMember> Members);

/// <summary>The system events: one row a name, saying what its metadata holds.</summary>
static class ReservedNames
{
    public static readonly ReservedName[] All =
    [
        new("file_share.created", Id("share_id"), Maybe("price_cents"), Maybe("file_size_bytes"), MaybeInstant("expires_at")),
        new("file_share.downloaded", Id("share_id"), Maybe("bytes")),
        new("file_share.completed", Id("share_id")),
        new("file_share.expired", Id("share_id")),
        new("payment.completed", Id("payment_id"), Count("amount_cents"), MaybeId("share_id"), Maybe("platform_fee_cents"),
            MaybeId("subscription_id"), MaybeId("product_id")),
        new("payment.refunded", Id("payment_id"), Count("amount_cents"), MaybeId("share_id"), Maybe("platform_fee_cents")),
        new("payment.failed", Id("payment_id"), MaybeId("share_id"), Maybe("amount_cents")),
        new("invoice.created", Id("invoice_id"), Count("amount_cents"), MaybeId("subscription_id")),
        new("subscription.changed", Id("subscription_id"), MaybeId("status"), MaybeId("product_id")),
    ];

    static readonly FrozenDictionary<string, ReservedName> ByName = All.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>The row of a name, or null when the name is free.</summary>
    public static ReservedName? Find(string name) => ByName.GetValueOrDefault(name);

    static ReservedMember Id(string name) => new(name, MemberKind.Text, Required: true);
    static ReservedMember MaybeId(string name) => new(name, MemberKind.Text, Required: false);
    static ReservedMember Count(string name) => new(name, MemberKind.Count, Required: true);
    static ReservedMember Maybe(string name) => new(name, MemberKind.Count, Required: false);
    static ReservedMember MaybeInstant(string name) => new(name, MemberKind.Instant, Required: false);
}
