using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Analytics.Features.Webhooks.Addresses;
using Analytics.Storage;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>A message as it is sent, at one of its tries.</summary>
/// <param name="Id">The delivery's, the same at every try.</param>
/// <param name="Seconds">Since 1970: of this try.</param>
/// <param name="Signature">Of these and the body.</param>
/// <param name="Body">JSON.</param>
sealed record WebhookMessage(string Id, long Seconds, string Signature, byte[] Body);

/// <summary>
/// Sends messages to addresses that others named: to those that are open, through no proxy and along no redirect, and reads of the answer
/// its status.
/// </summary>
sealed class WebhookClient(GuardedConnections connections, TimeProvider clock) : IDisposable
{
    const int MostHeaderKilobytes = 16;
    const int MostBodyBytes = 16 * 1024;

    readonly HttpClient http = new(new SocketsHttpHandler
    {
        ConnectCallback = connections.ConnectAsync,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = Timeout.InfiniteTimeSpan, // a try has a time of its own
        // A host keeps its connections for a moment: what its name means may change.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        MaxResponseHeadersLength = MostHeaderKilobytes,
        MaxResponseDrainSize = MostBodyBytes,
        // Nothing but the receiver is connected to: a certificate names addresses, too.
        SslOptions = new()
        {
            CertificateChainPolicy = new()
            {
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
                RevocationFlag = X509RevocationFlag.ExcludeRoot,
            },
        },
        // Whose request it follows from is nobody else's business.
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a message. What goes wrong at the receiver is part of the answer; only the caller's end throws.</summary>
    public async Task<WebhookTry> SendAsync(Uri url, WebhookMessage message, CancellationToken cancel)
    {
        var (at, started) = (clock.GetStoreNow(), clock.GetTimestamp());
        using var time = new CancellationTokenSource(TryPlan.Longest, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancel);
        using var request = RequestOf(url, message);
        int? status = null;
        string? error = null;
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            status = (int)answer.StatusCode;
        }
        catch (HttpRequestException failure)
        {
            error = TryErrors.Of(failure);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            error = TryErrors.Timeout;
        }

        return new WebhookTry(at, status, error, (long)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    public void Dispose() => http.Dispose();

    static HttpRequestMessage RequestOf(Uri url, WebhookMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(message.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Analytics-Webhooks", "1"));
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", $"{message.Seconds}");
        request.Headers.TryAddWithoutValidation("webhook-signature", message.Signature);
        return request;
    }
}
