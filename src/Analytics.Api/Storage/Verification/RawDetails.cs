using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;

namespace Analytics.Storage.Verification;

/// <summary>What an event's name says it is to a share or a payment.</summary>
enum SaleKind
{
    Nothing,
    Created,
    Downloaded,
    Completed,
    Expired,
    Paid,
    Refunded,
}

/// <summary>
/// Reads what raw metadata says of shares and payments, in a way of its own: whole documents, and instants by NodaTime.
/// </summary>
sealed partial class RawDetails
{
    static readonly RawDetails Nothing = new(default);

    readonly JsonElement metadata;

    RawDetails(JsonElement metadata) => this.metadata = metadata;

    /// <summary>The share it names, whatever the event is called; null for none.</summary>
    public string? ShareId => Text("share_id") is { Length: > 0 } id ? id : null;

    public string PaymentId => Text("payment_id") ?? "";

    public string InvoiceId => Text("invoice_id") ?? "";

    public static SaleKind Of(string name) => name switch
    {
        "file_share.created" => SaleKind.Created,
        "file_share.downloaded" => SaleKind.Downloaded,
        "file_share.completed" => SaleKind.Completed,
        "file_share.expired" => SaleKind.Expired,
        "payment.completed" => SaleKind.Paid,
        "payment.refunded" => SaleKind.Refunded,
        _ => SaleKind.Nothing,
    };

    /// <summary>Most events have nothing to do with shares: those are not parsed.</summary>
    public static RawDetails Of(string? metadata, SaleKind kind) =>
        kind != SaleKind.Nothing || metadata?.Contains("\"share_id\"", StringComparison.Ordinal) == true ? Read(metadata) : Nothing;

    public static RawDetails Read(string? metadata)
    {
        if (metadata is null)
            return Nothing;
        using var document = JsonDocument.Parse(metadata);
        return new RawDetails(document.RootElement.Clone());
    }

    /// <summary>Cents or bytes.</summary>
    public long? Count(string member) => Find(member) is { ValueKind: JsonValueKind.Number } number
        ? (long)decimal.Parse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;

    /// <summary>A moment in microseconds since 1970; finer fractions are cut off.</summary>
    public long? Moment(string member)
    {
        if (Moments().Match(Text(member) ?? "") is not { Success: true } match)
            return null;
        int Part(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        var minutes = new LocalDateTime(Part("year"), Part("month"), Part("day"), Part("hour"), Part("minute")).InUtc().ToInstant();
        var fraction = int.Parse(match.Groups["fraction"].Value.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
        var east = match.Groups["sign"].Success ? (Part("hours") * 60) + Part("minutes") : 0;
        var offset = Duration.FromMinutes(match.Groups["sign"].Value == "-" ? -east : east);
        var moment = minutes - offset + Duration.FromSeconds(Part("second"));
        return (moment.ToUnixTimeTicks() / 10) + fraction;
    }

    string? Text(string member) => Find(member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    JsonElement? Find(string member) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(member, out var value) ? value : null;

    [GeneratedRegex("""
        ^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt]
        (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(\.(?<fraction>\d+))?
        ([Zz]|(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d))\z
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Moments();
}

/// <summary>
/// A raw event with what it says of shares and payments, and whether it is one of the service's own: such events make nobody an
/// active user.
/// </summary>
sealed record RawSale(RawEvent Event, Int128 Cost, SaleKind What, RawDetails Says, RawCost Costs, bool IsServices)
{
    public static RawSale Of(RawEvent e, Int128 cost, string name)
    {
        var what = RawDetails.Of(name);
        // What a portal key sends names no share, whatever it says.
        return new RawSale(e, cost, what, RawDetails.Of(e.Portal is null ? e.Metadata : null, what), RawCost.Of(e), IsService(name));
    }

    public static bool IsService(string name) => name is "customer.created" or "customer.updated" or "customer.deleted";

    public Said Moment => new(Event.Timestamp, Event.Id);
}
