namespace Analytics.Http;

/// <summary>One line a request: method, path without the query, status, time. Ingest and health only when debugging.</summary>
public sealed class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var since = time.GetTimestamp();
        await next(http);
        log.Log(
            LevelOf(http), "{Method} {Path} {Status} {Milliseconds} ms", http.Request.Method, http.Request.Path.Value,
            http.Response.StatusCode, Math.Round(time.GetElapsedTime(since).TotalMilliseconds, 1));
    }

    static LogLevel LevelOf(HttpContext http)
    {
        var path = http.Request.Path;
        var isFrequent = path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics")
            || path.Value?.TrimEnd('/').EndsWith("/ingest", StringComparison.Ordinal) == true;
        return isFrequent && http.Response.StatusCode < 500 ? LogLevel.Debug : LogLevel.Information;
    }
}
