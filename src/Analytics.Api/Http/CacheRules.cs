namespace Analytics.Http;

/// <summary>
/// Nobody keeps an answer, but the client itself one with an <c>ETag</c>: it asks each time whether it still holds. Said when the
/// answer starts, so no route has to and none can forget. Only a route with <see cref="SaysHowKeptAttribute"/> says it itself.
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
        var route = response.HttpContext.GetEndpoint()?.Metadata;
        if (response.Headers.CacheControl.Count > 0 && route?.GetMetadata<SaysHowKeptAttribute>() is not null)
            return;
        var isKept = response.Headers.ETag.Count > 0;
        response.Headers.CacheControl = isKept ? "private, no-cache" : "no-store";
        if (isKept)
            response.Headers.Vary = "Authorization, X-API-Key, Cookie";
    }
}

/// <summary>Answers of the route hold nobody's data and say themselves how they are kept; problems do not.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
sealed class SaysHowKeptAttribute : Attribute;
