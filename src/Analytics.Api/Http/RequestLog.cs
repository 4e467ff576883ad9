namespace Analytics.Http;

/// <summary>
/// One line a request: method, path without the query, status, time. Only when debugging those that come in floods: ingest, health, and
/// what is refused for want of room, which costs hardly more than its line.
/// </summary>
sealed class RequestLog(RequestDelegate next, TimeProvider time, Func<HttpContext, Guid?> workspaceOf, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var since = time.GetTimestamp();
        await next(http);
        var level = LevelOf(http);
        if (log.IsEnabled(level))
            log.Log(
                level, "{Method} {Path} {Status} {Milliseconds} ms {Workspace}", http.Request.Method, http.Request.Path.Value,
                http.Response.StatusCode, Math.Round(time.GetElapsedTime(since).TotalMilliseconds, 1), workspaceOf(http));
    }

    static LogLevel LevelOf(HttpContext http)
    {
        var path = http.Request.Path;
        var isFrequent = path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics")
            || path.Value?.TrimEnd('/').EndsWith("/ingest", StringComparison.Ordinal) == true;
        return (isFrequent && http.Response.StatusCode < 500) || http.Response.StatusCode == StatusCodes.Status429TooManyRequests
            ? LogLevel.Debug
            : LogLevel.Information;
    }
}
