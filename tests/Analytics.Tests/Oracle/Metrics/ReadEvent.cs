using System.Numerics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>An event as metrics read it, with the id it was given, which decides between events of the same time.</summary>
sealed record ReadEvent(ToldEvent Told, string Id)
{
    public const string Created = "file_share.created";
    public const string Downloaded = "file_share.downloaded";
    public const string Completed = "file_share.completed";
    public const string Expired = "file_share.expired";
    public const string Paid = "payment.completed";
    public const string Refunded = "payment.refunded";

    static readonly BigInteger One = BigInteger.Pow(10, Units.Decimals);
    readonly JsonElement metadata = JsonElement.Parse(Told.Metadata);
    readonly Dictionary<string, BigInteger?> counts = [];

    public string Name => Told.Name;

    public Instant At { get; } = Instant.FromDateTimeOffset(Told.At);

    public string? Share => String("share_id");

    public string? Payment => String("payment_id");

    /// <summary>In units of 1e-12.</summary>
    public BigInteger Cost { get; } = Told.Number("_cost.amount") ?? 0;

    public Instant? ExpiresAt => String("expires_at") is { } text ? OffsetDateTimePattern.Rfc3339.Parse(text).Value.ToInstant() : null;

    /// <summary>A whole number: cents or bytes.</summary>
    public BigInteger? Count(string member)
    {
        if (!counts.TryGetValue(member, out var count))
            counts[member] = count = metadata.TryGetProperty(member, out var told) ? Units.OfNumber(told.GetRawText())!.Value / One : null;
        return count;
    }

    string? String(string member) =>
        metadata.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
