using Microsoft.Net.Http.Headers;

namespace Analytics.Http;

/// <summary>Answers that clients keep and ask for again: <c>ETag</c> and <c>If-None-Match</c>.</summary>
static class ETags
{
    /// <summary>Whether the client has an answer already.</summary>
    public static bool HasTags(HttpRequest request) => request.GetTypedHeaders().IfNoneMatch.Count > 0;

    /// <summary>Whether the client has the answer with this tag; if so the response says which.</summary>
    public static bool IsKnown(HttpContext http, EntityTagHeaderValue tag)
    {
        var isKnown = http.Request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
        if (isKnown)
            Describe(http.Response, tag);
        return isKnown;
    }

    public static void Describe(HttpResponse response, EntityTagHeaderValue tag) => response.GetTypedHeaders().ETag = tag;
}
