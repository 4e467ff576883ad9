using Analytics.Features.Webhooks.Addresses;
using Analytics.Http.OpenApi;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>One try of a delivery.</summary>
/// <param name="At">When it began.</param>
/// <param name="Status">What the receiver answered; null when no answer came.</param>
/// <param name="Error">Why there is no answer.</param>
/// <param name="DurationMs">How long it took.</param>
public sealed record WebhookTry(
    DateTimeOffset At, int? Status, [property: OneOf(typeof(TryErrors), nameof(TryErrors.All))] string? Error, long DurationMs)
{
    internal bool HasSucceeded => Status is >= 200 and <= 299;

    /// <summary>The receiver wants no more of it.</summary>
    internal bool IsUnwanted => Status == StatusCodes.Status410Gone;
}

/// <summary>Why a try came to no answer.</summary>
static class TryErrors
{
    /// <summary>No answer came within 10 seconds.</summary>
    public const string Timeout = "timeout";

    /// <summary>None of the host's addresses may be connected to.</summary>
    public const string AddressRefused = "address_refused";

    /// <summary>The host's name leads to no address.</summary>
    public const string NameUnknown = "name_unknown";

    /// <summary>Nobody took the connection.</summary>
    public const string NotConnected = "not_connected";

    /// <summary>The host's certificate is not good, or it speaks no TLS.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>What came, if anything, was no HTTP.</summary>
    public const string NoAnswer = "no_answer";

    public static readonly string[] All = [Timeout, AddressRefused, NameUnknown, NotConnected, TlsFailed, NoAnswer];

    public static string Of(HttpRequestException failure) => failure switch
    {
        { InnerException: AddressRefusedException } => AddressRefused,
        { HttpRequestError: HttpRequestError.NameResolutionError } => NameUnknown,
        { HttpRequestError: HttpRequestError.ConnectionError } => NotConnected,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => TlsFailed,
        _ => NoAnswer,
    };
}
