using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Sharing;

namespace Analytics.Http;

/// <summary>
/// Requests that ask the store take turns, tenant after tenant, so that nobody's many or slow ones take all its connections. A read has
/// ten seconds until its answer begins, waiting included. Streams, exports and ingestion have bounds of their own.
/// </summary>
sealed class RequestTurns(RequestDelegate next, Func<HttpContext, Guid> tenantOf, Turns places, TimeProvider clock)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public Task InvokeAsync(HttpContext http) => http.GetEndpoint()?.Metadata switch
    {
        null => next(http),
        var route when route.GetMetadata<AccessAttribute>() is null or OpenAttribute or RequireScopeAttribute { ReadsOwnBody: true }
            || route.GetMetadata<EventStreamAttribute>() is not null || route.GetMetadata<LinesAttribute>() is not null => next(http),
        var route when HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            || route.GetMetadata<AsksOnlyAttribute>() is not null => ReadAsync(http),
        _ => TakeAsync(http),
    };

    async Task TakeAsync(HttpContext http)
    {
        // Answered here: on its way up through everything around it an exception costs more than the answer, and a flood has many.
        if (await places.TryTakeAsync(tenantOf(http), http.RequestAborted) is not { } turn)
        {
            await ProblemBody.WriteAsync(http, ProblemAnswers.Of(places.Refusal));
            return;
        }

        // Until the answer is sent: it takes memory as long as a slow client takes to read it.
        using (turn)
            await next(http);
    }

    async Task ReadAsync(HttpContext http)
    {
        var gone = http.RequestAborted;
        // It lives as long as the request: a refusal starts its answer after this is left.
        var deadline = new CancellationTokenSource(Longest, clock);
        http.Response.RegisterForDispose(deadline);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, deadline.Token);
        http.RequestAborted = either.Token;
        http.Response.OnStarting(Disarm, deadline);
        try
        {
            await TakeAsync(http);
        }
        catch (Exception) when (deadline.IsCancellationRequested && !gone.IsCancellationRequested && !http.Response.HasStarted)
        {
            throw new ProblemException(503, $"The answer took longer than {Longest.TotalSeconds:0} seconds.") { RetryAfter = 1 };
        }
        finally
        {
            http.RequestAborted = gone;
        }
    }

    static Task Disarm(object deadline)
    {
        ((CancellationTokenSource)deadline).CancelAfter(Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}
