namespace Analytics.Http;

/// <summary>Gives every request an id, the client's own when it is a sane one: in the answer's head and in every log line.</summary>
sealed class RequestIds(RequestDelegate next, Secrets secrets, ILogger<RequestIds> log)
{
    const string Header = "X-Request-Id";
    const int Longest = 64;

    public async Task InvokeAsync(HttpContext http)
    {
        var id = http.Request.Headers[Header].ToString();
        http.TraceIdentifier = IsSane(id) && !secrets.IsIn(id) ? id : Guid.CreateVersion7().ToString("N");
        // Not before the answer starts: a refusal clears what the route had written.
        http.Response.OnStarting(
            static context =>
            {
                var http = (HttpContext)context;
                http.Response.Headers[Header] = http.TraceIdentifier;
                return Task.CompletedTask;
            },
            http);
        using (log.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", http.TraceIdentifier) }))
            await next(http);
    }

    // Whatever else it holds would go into logs and headers.
    static bool IsSane(string id) =>
        id.Length is > 0 and <= Longest && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
