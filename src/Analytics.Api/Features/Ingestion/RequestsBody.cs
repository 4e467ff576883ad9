using Analytics.Http.OpenApi;

namespace Analytics.Features.Ingestion;

/// <summary>API requests to ingest.</summary>
/// <param name="Requests">Up to 10 000.</param>
/// <param name="TenantId">The workspace, for users of several, where the query does not say. Also <c>workspace_id</c>.</param>
/// <remarks>For the OpenAPI document only: the body is read by a parser of its own.</remarks>
public sealed record RequestsBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedRequest> Requests, Guid? TenantId)
{
    public const string Example = """
        {"requests":[{"method":"GET","path":"/users/4711/orders?page=2","route":"/users/{id}/orders","statusCode":200,"latencyMs":12.345,
        "timestamp":"2026-03-11T09:30:00Z","customerId":"acme","apiKeyId":"key-7","productId":"shop","requestSize":0,"responseSize":5120,
        "userAgent":"curl/8.14.1","ip":"203.0.113.9","requestId":"01JP1Q3T7ZK0N2V4W6X8Y0A1B2"}]}
        """;
}

/// <summary>An API request to ingest.</summary>
/// <param name="Method">Letters, digits, <c>-</c> and <c>_</c>; kept in capitals.</param>
/// <param name="Path">
/// The path, or a full URL, of which the path is taken: 1 to 2 048 characters without query string and fragment, which are dropped, and
/// without control characters. <c>*</c> stays; anything else gets a slash in front when it has none.
/// </param>
/// <param name="Route">
/// The route's template, as the product's router knows it. With it the endpoint is the method and the route, as it was sent; without, the
/// method and the path with its ids replaced.
/// </param>
/// <param name="StatusCode">What was answered, an integer from 100 to 599.</param>
/// <param name="LatencyMs">How long it took, below 1e9; digits finer than a microsecond are cut off.</param>
/// <param name="Timestamp">
/// When: milliseconds since 1970 as a number, or RFC 3339 with an offset as text; now by default. Not before 2000 and at most five minutes
/// ahead; digits finer than a microsecond are cut off.
/// </param>
/// <param name="CustomerId">
/// The customer's external id, who need not be known here. Without it, or with <c>anonymous</c>, it was nobody; a portal key sends for its
/// customer then.
/// </param>
/// <param name="ApiKeyId">The product's own id of the API key that was used.</param>
/// <param name="ProductId">The product's own id of the product that was used.</param>
/// <param name="RequestSize">Bytes that were sent, up to 2^53; 0 by default.</param>
/// <param name="ResponseSize">Bytes that were answered, up to 2^53; 0 by default.</param>
/// <param name="UserAgent">
/// Of a longer one the first 512 characters are kept; nothing but blanks, <c>-</c> and <c>unknown</c> are none.
/// </param>
/// <param name="Ip">
/// Where it came from: an address, or a list of them as <c>X-Forwarded-For</c> has it, of which the first that is an address counts,
/// whatever its port and zone. Kept is its network, the /24 or, of IPv6, the /48; IPv4 within IPv6 counts as IPv4. Anything else is none.
/// </param>
/// <param name="RequestId">
/// The product's own id of the request: with one that was sent before it is a duplicate and counts once.
/// </param>
public sealed record IngestedRequest(
    [property: Shown(Longest = RequestRules.LongestMethod)] string Method,
    string Path,
    [property: Shown(Longest = FactRules.LongestId)] string? Route,
    int StatusCode,
    [property: Shown(Least = 0)] double LatencyMs,
    NumberOrText? Timestamp,
    [property: Shown(Longest = FactRules.LongestId)] string? CustomerId,
    [property: Shown(Longest = FactRules.LongestId)] string? ApiKeyId,
    [property: Shown(Longest = FactRules.LongestId)] string? ProductId,
    [property: Shown(Least = 0)] long? RequestSize,
    [property: Shown(Least = 0)] long? ResponseSize,
    string? UserAgent,
    string? Ip,
    [property: Shown(Longest = FactRules.LongestId)] string? RequestId);
