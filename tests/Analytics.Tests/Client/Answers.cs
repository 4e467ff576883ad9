using Microsoft.AspNetCore.Http;

namespace Analytics.Tests.Client;

/// <summary>A status and nothing else, but when to come again.</summary>
sealed class Refusal(int status, string? retryAfter = null) : IResult
{
    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
            http.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }
}

/// <summary>No answer until a test lets it go.</summary>
sealed class Hanging(Task end) : IResult
{
    public Task ExecuteAsync(HttpContext http) => end;
}
