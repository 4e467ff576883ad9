using Microsoft.AspNetCore.Http;

namespace Analytics.Client.Requests;

/// <summary>The status a request ended with.</summary>
static class Outcome
{
    /// <summary>The client went away before there was an answer; servers' logs call it so.</summary>
    public const int ClientClosed = StatusCodes.Status499ClientClosedRequest;

    /// <summary>What the client was answered. An exception that leaves the host becomes what the server makes of it: 500, mostly.</summary>
    public static int Of(HttpContext context, Exception? thrown) => (HasStarted: context.Response.HasStarted, thrown) switch
    {
        (false, _) when context.RequestAborted.IsCancellationRequested => ClientClosed,
        (_, null) => context.Response.StatusCode,
        // A stream ends when its client leaves: the answer was what it was.
        (true, OperationCanceledException or IOException) when context.RequestAborted.IsCancellationRequested =>
            context.Response.StatusCode,
        (false, BadHttpRequestException bad) => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };
}
