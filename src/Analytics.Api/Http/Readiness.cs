using Analytics.Contract;
using Analytics.Storage;

namespace Analytics.Http;

/// <summary>
/// Until the migrations are done every route answers 503 but the health checks, what documents the service and the dashboard's files.
/// </summary>
sealed class Readiness(RequestDelegate next, StoreReadiness store)
{
    static readonly string[] Always = ["/health", "/swagger", "/openapi.json", "/ui"];

    public Task InvokeAsync(HttpContext http) =>
        store.IsMigrated || http.Request.Path == "/" || Array.Exists(Always, path => http.Request.Path.StartsWithSegments(path))
            ? next(http)
            : throw new ProblemException(503, "The service is starting.") { RetryAfter = 1 };
}
