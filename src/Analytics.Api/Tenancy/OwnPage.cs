using Analytics.Contract;
using Microsoft.Net.Http.Headers;

namespace Analytics.Tenancy;

/// <summary>
/// Whether a request comes from the service's own page. A cookie goes with what other pages send, too: whatever changes something by it
/// has to come from here.
/// </summary>
static class OwnPage
{
    /// <summary>403 for a request from elsewhere, 415 for a body that other pages may send without asking.</summary>
    public static void Require(HttpRequest request)
    {
        if (!IsSender(request))
            throw ProblemException.Forbidden(
                "Only the service's own page may do this: Sec-Fetch-Site has to be same-origin, or without it Origin the service's own.");
        if (JsonBody.MayCome(request.HttpContext) && !IsJson(request.ContentType))
            throw new ProblemException(415, "From a page the route takes application/json.");
    }

    static bool IsSender(HttpRequest request) => request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
        ? site == "same-origin"
        : Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
            && (IsAt(request.Host, origin) || IsAt(request.AskedHost, origin));

    static bool IsAt(HostString host, Uri origin) =>
        host.Host.Equals(origin.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? port == origin.Port : origin.IsDefaultPort);

    static bool IsJson(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}
