using System.Text.Json.Serialization;
using Analytics.Contract;
using Microsoft.AspNetCore.WebUtilities;

namespace Analytics.Http;

/// <summary>The body of every error answer (RFC 9457). Its members are called alike everywhere; pointers use the route's names.</summary>
sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, IReadOnlyList<Problem> Errors,
    [property: JsonPropertyName("request_id")] string RequestId)
{
    // Who is told to come back in a second or more is told after half of one: a flood that comes back at once, as floods do, is answered
    // as seldom as its connections allow, and what its answers would take is the others'.
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(500);

    /// <summary>Writes the problem in the route's way, with the headers its status asks for; 429 after half a second.</summary>
    public static async Task WriteAsync(HttpContext http, ProblemException refusal)
    {
        var response = http.Response;
        if (refusal.Status == 429)
            await Task.Delay(Breath, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var problem = Without(http.RequestServices.GetRequiredService<Secrets>(), refusal);
        response.StatusCode = problem.Status;
        if (problem.Status == 401)
            response.Headers.WWWAuthenticate = "Bearer";
        // What is left of a body that did not come is not waited for.
        if (problem.Status == 408)
            response.Headers.Connection = "close";
        if (problem.Status is 429 or 503)
            response.Headers.RetryAfter = (problem.RetryAfter ?? 1).ToString();
        var title = ReasonPhrases.GetReasonPhrase(problem.Status);
        if (RefusalAttribute.Of(http) is { } own)
        {
            await own.WriteAsync(http, problem);
            return;
        }

        response.ContentType = "application/problem+json";
        await JsonAnswers.WriteAsync(
            http, new ProblemBody("about:blank", title, problem.Status, problem.Message, problem.Errors, http.TraceIdentifier), Json.Snake);
    }

    // What was wrong with a value is often said with the value.
    static ProblemException Without(Secrets secrets, ProblemException problem) => new(
        problem.Status, secrets.Without(problem.Message),
        [.. problem.Errors.Select(error => error with
        {
            Pointer = secrets.Without(error.Pointer), Message = secrets.Without(error.Message),
        })])
    {
        RetryAfter = problem.RetryAfter,
    };
}
