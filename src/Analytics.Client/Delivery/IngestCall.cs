using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Analytics.Client.Delivery;

/// <summary>One try to hand a batch to the service.</summary>
sealed class IngestCall(IOptions<AnalyticsOptions> settings, TimeProvider clock) : IDisposable
{
    /// <summary>Marks the calls of a client: a host that they pass on their way, the service itself say, does not tell of them.</summary>
    const string Mark = "X-Analytics-Client";

    static readonly string Version = typeof(IngestCall).Assembly.GetName().Version!.ToString(3);
    readonly AnalyticsOptions options = settings.Value;
    readonly HttpClient http = new(new SocketsHttpHandler
    {
        // A redirected POST becomes a GET, and the key is for this address only.
        AllowAutoRedirect = false,
        UseCookies = false,
        // The service may move to another address.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // These calls belong to no trace of the host's.
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 8 * 1024 * 1024,
    };

    /// <summary>Whether a request is some client's call, on its way through this host.</summary>
    public static bool IsOne(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Value is { } path && path.EndsWith("/ingest", StringComparison.OrdinalIgnoreCase)
        && request.Headers.ContainsKey(Mark);

    public async Task<Reply> SendAsync(Batch batch, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            using var request = RequestOf(batch);
            using var answer = await http.SendAsync(request, either.Token);
            return await Reply.OfAsync(answer, clock.GetUtcNow(), either.Token);
        }
        catch (OperationCanceledException)
        {
            return new Reply(Verdict.Later, "There is no answer in time.");
        }
        catch (Exception failed)
        {
            return new Reply(Verdict.Later, failed.Message);
        }
    }

    public void Dispose() => http.Dispose();

    HttpRequestMessage RequestOf(Batch batch)
    {
        // Partial: one that breaks a rule does not hold up the others.
        var address = $"{options.Url!.AbsoluteUri.TrimEnd('/')}/{batch.Kind.Path}?partial=true";
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(batch.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Analytics.Client", Version));
        request.Headers.Add(Mark, Version);
        return request;
    }
}
