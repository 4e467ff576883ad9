using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Analytics.Http;

/// <summary>
/// Decodes ids in paths whole. The server leaves <c>%2F</c> as it is, since a slash would end the segment, and makes the same of
/// <c>%252F</c>: only the request line says which of them was meant.
/// </summary>
sealed class PathIds(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is RouteEndpoint endpoint
            && http.Request.RouteValues.Values.Any(value => value is string text && text.Contains('%', StringComparison.Ordinal)))
            Decode(http, endpoint.RoutePattern.PathSegments);
        return next(http);
    }

    static void Decode(HttpContext http, IReadOnlyList<RoutePatternPathSegment> pattern)
    {
        var sent = SentPath(http).TrimEnd('/').Split('/');
        if (sent.Any(segment => Uri.UnescapeDataString(segment) is "." or ".."))
            // The server has walked up and down already: these segments are not the path's.
            return;
        var first = sent.Length - http.Request.Path.Value!.Trim('/').Split('/').Length;
        // Counted from the end: a base path may stand in front.
        for (var at = 0; at < pattern.Count && first >= 0 && first + at < sent.Length; at++)
            if (pattern[at].Parts is [RoutePatternParameterPart id])
                http.Request.RouteValues[id.Name] = Uri.UnescapeDataString(sent[first + at]);
    }

    static string SentPath(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? target[..query] : target;
    }
}
