using System.IO.Pipelines;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Analytics.Client.Requests;

/// <summary>
/// A request on its way through the host. It stands between host and server where the bytes of the answer pass, and where routing leaves
/// the endpoint: an error page that runs afterwards leaves its own there.
/// </summary>
sealed class TimedRequest : IHttpResponseBodyFeature, IEndpointFeature, IHttpUpgradeFeature
{
    readonly IFeatureCollection features;
    readonly IHttpResponseBodyFeature body;
    readonly IHttpUpgradeFeature? upgrade;
    // The server throws away what is written in answer to HEAD.
    readonly bool isHead;
    Endpoint? endpoint;
    Stream? stream;
    PipeWriter? writer;

    public TimedRequest(HttpContext context, TimeProvider clock)
    {
        var request = context.Request;
        features = context.Features;
        body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        upgrade = features.Get<IHttpUpgradeFeature>();
        isHead = HttpMethods.IsHead(request.Method);
        Path = PathOf(request);
        features.Set<IHttpResponseBodyFeature>(this);
        features.Set<IEndpointFeature>(this);
        if (upgrade is { IsUpgradableRequest: true })
            features.Set<IHttpUpgradeFeature>(this);
        // A body whose length nobody told is counted while it is read.
        if (request.ContentLength is null && features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            request.Body = new CountedStream(request.Body, this);
        Timestamp = clock.GetUtcNow();
        Began = clock.GetTimestamp();
    }

    public static TimedRequest? Of(HttpContext context) => context.Features.Get<IEndpointFeature>() as TimedRequest;

    public DateTimeOffset Timestamp { get; }

    public long Began { get; }

    /// <summary>As the client asked, percent-encoded, before anything rewrote it.</summary>
    public string Path { get; }

    /// <summary>The route that the request itself was led to, whatever ran in its stead.</summary>
    public RouteEndpoint? Routed { get; private set; }

    /// <summary>Whether it came by <c>UseApiAnalytics</c>.</summary>
    public bool IsTold { get; private set; }

    public long BytesWritten { get; private set; }

    public long BytesRead { get; private set; }

    Endpoint? IEndpointFeature.Endpoint
    {
        get => endpoint;
        set
        {
            endpoint = value;
            if (Routed is null && value is RouteEndpoint route && !IsErrorPage())
                Routed = route;
        }
    }

    Stream IHttpResponseBodyFeature.Stream => stream ??= new CountedStream(body.Stream, this);

    PipeWriter IHttpResponseBodyFeature.Writer => writer ??= new CountedWriter(body.Writer, this);

    bool IHttpUpgradeFeature.IsUpgradableRequest => upgrade!.IsUpgradableRequest;

    public void ComesBy() => IsTold = true;

    public void Wrote(long bytes) => BytesWritten += isHead ? 0 : bytes;

    public void Read(long bytes) => BytesRead += bytes;

    void IHttpResponseBodyFeature.DisableBuffering() => body.DisableBuffering();

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancel) => body.StartAsync(cancel);

    Task IHttpResponseBodyFeature.CompleteAsync() => body.CompleteAsync();

    async Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancel)
    {
        await body.SendFileAsync(path, offset, count, cancel);
        Wrote(count ?? (new FileInfo(path).Length - offset));
    }

    async Task<Stream> IHttpUpgradeFeature.UpgradeAsync() => new CountedStream(await upgrade!.UpgradeAsync(), this);

    bool IsErrorPage() =>
        features.Get<IExceptionHandlerFeature>() is not null || features.Get<IStatusCodeReExecuteFeature>() is not null;

    // OPTIONS * has no path but the star.
    static string PathOf(HttpRequest request) => (request.PathBase + request.Path).ToUriComponent() is { Length: > 0 } path
        ? path
        : request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is "*" ? "*" : "/";
}
