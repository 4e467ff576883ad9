using Analytics.Storage;

namespace Analytics.Http;

/// <summary>Until the migrations are done every route but the health checks and what documents the service answers 503.</summary>
public sealed class Readiness(RequestDelegate next, StoreReadiness store)
{
    public Task InvokeAsync(HttpContext http) =>
        store.IsMigrated || http.Request.Path == "/" || http.Request.Path.StartsWithSegments("/health") || http.Request.Path.StartsWithSegments("/swagger")
            ? next(http)
            : throw new ProblemException(503, "The service is starting.") { RetryAfter = 1 };
}
