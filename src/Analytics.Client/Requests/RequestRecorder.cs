using Analytics.Client.Delivery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Analytics.Client.Requests;

/// <summary>Times requests, and tells of them when they are over. Nothing it does may harm the request.</summary>
sealed class RequestRecorder(
    IOptions<AnalyticsOptions> settings, Courier courier, Losses losses, TimeProvider clock, ILogger<RequestRecorder> log)
{
    const int LongestPath = 2_048;
    const int LongestUserAgent = 512;
    readonly AnalyticsOptions options = settings.Value;
    readonly RouteNames routes = new();
    int failures;

    /// <summary>Whether the host wants its requests told at all.</summary>
    public bool IsUsed { get; set; }

    public RequestDelegate Around(RequestDelegate next) => context => IsTimed(context) ? TimeAsync(context, next) : next(context);

    // Chance decides before anybody knows how the request ends: anything else would falsify rates.
    bool IsTimed(HttpContext context) => IsUsed && !courier.IsOff && !IngestCall.IsOne(context.Request)
        && (options.Sampling >= 1 || Random.Shared.NextDouble() < options.Sampling);

    async Task TimeAsync(HttpContext context, RequestDelegate next)
    {
        var request = new TimedRequest(context, clock);
        try
        {
            await next(context);
        }
        catch (Exception thrown)
        {
            Record(context, request, thrown);
            throw;
        }

        Record(context, request, null);
    }

    void Record(HttpContext context, TimedRequest request, Exception? thrown)
    {
        try
        {
            var latency = clock.GetElapsedTime(request.Began);
            if (request.IsTold && options.Ignore?.Invoke(context) != true)
                courier.Requests.Add(FactOf(context, request, Outcome.Of(context, thrown), latency));
        }
        catch (Exception broken)
        {
            // The options' functions are the host's code.
            losses.Add(FactKind.Requests, Loss.Unwritable, 1);
            if (Interlocked.Exchange(ref failures, 1) == 0)
                log.LogError(broken, "A request cannot be told of; others like it are only counted.");
        }
    }

    RequestFact FactOf(HttpContext context, TimedRequest request, int status, TimeSpan latency)
    {
        var route = options.Route is { } chosen ? chosen(context) : routes.Of(request.Routed);
        return new RequestFact
        {
            Method = context.Request.Method,
            Path = options.RecordPath ? Cut(request.Path, LongestPath) : route ?? "/:path",
            Route = route,
            StatusCode = status,
            Timestamp = request.Timestamp,
            Latency = latency,
            RequestSize = (context.Request.ContentLength ?? 0) + request.BytesRead,
            ResponseSize = request.BytesWritten,
            CustomerId = options.CustomerId?.Invoke(context),
            ProductId = options.ProductId?.Invoke(context),
            ApiKeyId = options.ApiKeyId?.Invoke(context),
            UserAgent = options.RecordUserAgent ? Cut(context.Request.Headers.UserAgent.ToString(), LongestUserAgent) : null,
            Ip = options.RecordIp ? context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress : null,
        };
    }

    static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
