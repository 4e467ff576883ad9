namespace Analytics.Http;

/// <summary>
/// Nobody keeps an answer, but the client itself one with an <c>ETag</c>: it asks each time whether it still holds. Said when the
/// answer starts, so no route has to and none can forget.
/// </summary>
sealed class CacheRules(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(
            static response =>
            {
                Apply((HttpResponse)response);
                return Task.CompletedTask;
            },
            http.Response);
        return next(http);
    }

    static void Apply(HttpResponse response)
    {
        var isKept = response.Headers.ETag.Count > 0;
        response.Headers.CacheControl = isKept ? "private, no-cache" : "no-store";
        if (isKept)
            response.Headers.Vary = "Authorization, X-API-Key, Cookie";
    }
}
