namespace Analytics.Contract;

/// <summary>One thing wrong with a request: where (a JSON pointer, or a query parameter's name), a stable code, and words.</summary>
sealed record Problem(string Pointer, string Code, string Message);

/// <summary>Ends a request with an <c>application/problem+json</c> answer.</summary>
sealed class ProblemException(int status, string detail, params IReadOnlyList<Problem> errors) : Exception(detail)
{
    public int Status { get; } = status;
    public IReadOnlyList<Problem> Errors { get; } = errors;

    /// <summary>Seconds a client should wait; sent as Retry-After with 429 and 503.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What is unknown and what is not visible to the caller answer alike.</summary>
    public static ProblemException NotFound() => new(404, "There is nothing here that you can see.");

    public static ProblemException Forbidden(string detail) => new(403, detail);

    public static ProblemException Unauthorized() => new(401, "No valid key was sent.");

    public static ProblemException Invalid(params IReadOnlyList<Problem> errors) => new(400, "The request is not valid.", errors);

    public static ProblemException Conflict(string pointer, string message) =>
        new(409, message, new Problem(pointer, "conflict", message));
}
