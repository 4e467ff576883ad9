using Analytics.Contract;
using Analytics.Storage;

namespace Analytics.Http;

/// <summary>Until the migrations are done every route but the health checks and what documents the service answers 503.</summary>
sealed class Readiness(RequestDelegate next, StoreReadiness store)
{
    static readonly string[] Always = ["/health", "/swagger", "/openapi.json"];

    public Task InvokeAsync(HttpContext http) =>
        store.IsMigrated || http.Request.Path == "/" || Array.Exists(Always, path => http.Request.Path.StartsWithSegments(path))
            ? next(http)
            : throw new ProblemException(503, "The service is starting.") { RetryAfter = 1 };
}
