using System.Text;
using System.Text.Json;
using Analytics.Sketches;
using Analytics.Storage.Facts;
using Analytics.Time;

namespace Analytics.Storage.Sales;

/// <summary>What kind of system event it is that shares and payments change by.</summary>
enum ShareEventKind
{
    /// <summary>Any other event: it counts for the share it names.</summary>
    Other,
    Created,
    Downloaded,
    Completed,
    Expired,
    Paid,
    Refunded,
}

/// <summary>Reads what the metadata of system events says; it was validated when it was ingested.</summary>
readonly ref struct ShareEvent
{
    readonly JsonElement metadata;

    ShareEvent(JsonElement metadata) => this.metadata = metadata;

    public static ShareEventKind KindOf(string name) => name switch
    {
        "file_share.created" => ShareEventKind.Created,
        "file_share.downloaded" => ShareEventKind.Downloaded,
        "file_share.completed" => ShareEventKind.Completed,
        "file_share.expired" => ShareEventKind.Expired,
        "payment.completed" => ShareEventKind.Paid,
        "payment.refunded" => ShareEventKind.Refunded,
        _ => ShareEventKind.Other,
    };

    public static ShareEvent Of(ReadOnlySpan<byte> metadata)
    {
        var reader = new Utf8JsonReader(metadata);
        return new ShareEvent(metadata.IsEmpty ? default : JsonElement.ParseValue(ref reader));
    }

    public byte[] PaymentId => Encoding.UTF8.GetBytes(Member("payment_id")?.GetString() ?? "");

    public Creation Creation(Moment moment, int person) => new(
        moment, person, Count("price_cents") ?? 0, Count("file_size_bytes") ?? 0, Instant("expires_at"));

    public Completion Completion(Moment moment, NewEvent e) => new(
        moment, e.Share, e.Person, Count("amount_cents") ?? 0, Count("platform_fee_cents") ?? 0, e.RevenueKey);

    public Refund Refund(Moment moment, NewEvent e) => new(
        moment, e.Share, e.Person, Count("amount_cents") ?? 0, Count("platform_fee_cents"), e.Incoming.Fields.Cost ?? 0, e.CostKey,
        e.Subscription);

    /// <summary>The bytes of a download; null when it leaves them to its share.</summary>
    public long? Bytes => Count("bytes");

    long? Count(string name) => Member(name) is { ValueKind: JsonValueKind.Number } number
        && DecimalUnits.TryParse(Encoding.UTF8.GetBytes(number.GetRawText()), out var units)
            ? (long)(units / DecimalUnits.One)
            : null;

    long? Instant(string name) =>
        Member(name) is { ValueKind: JsonValueKind.String } text && Rfc3339.TryParse(text.GetString(), out var at) ? at : null;

    JsonElement? Member(string name) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
