using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Http;

namespace Analytics.Tests;

/// <summary>One credential's view of the service. A call says which status it expects; another one fails the test with the answer.</summary>
/// <param name="address">Where the service is.</param>
/// <param name="key">The credential; none when null.</param>
/// <param name="hasOwnConnections">For a service that ends and comes back at the same address.</param>
public class ApiClient(Uri address, string? key, bool hasOwnConnections = false)
{
    /// <summary>Where a service says that it is ready, unless it is told to lie elsewhere.</summary>
    public const string Ready = "/health/ready";

    // A run has thousands of clients.
    static readonly SocketsHttpHandler Shared = NewHandler();

    public string? Key { get; } = key;

    /// <summary>For what the calls below do not cover; paths are relative to the service.</summary>
    public HttpClient Http { get; } = new(hasOwnConnections ? NewHandler() : Shared, disposeHandler: false)
    {
        BaseAddress = address,
        DefaultRequestHeaders = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Returns when the service is ready.</summary>
    public Task ReadyAsync(string path = Ready) => Until.HoldsAsync(
        async () =>
        {
            using var answer = await Http.GetAsync(path);
            return answer.IsSuccessStatusCode;
        },
        $"The service at {Http.BaseAddress} is not ready.");

    public Task<JsonElement> GetAsync(string path, int status = 200) => SendAsync(HttpMethod.Get, path, null, status);

    public Task<JsonElement> PostAsync(string path, object? body = null, int status = 200) => SendAsync(HttpMethod.Post, path, body, status);

    public Task<JsonElement> PatchAsync(string path, object? body, int status = 200) => SendAsync(HttpMethod.Patch, path, body, status);

    public Task<JsonElement> PutAsync(string path, object? body, int status = 200) => SendAsync(HttpMethod.Put, path, body, status);

    public Task<JsonElement> DeleteAsync(string path, int status = 204) => SendAsync(HttpMethod.Delete, path, null, status);

    /// <summary>The body is JSON text as it stands when a string, else it is serialised. An empty answer is <c>default</c>.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, int status)
    {
        using var request = new HttpRequestMessage(method, path) { Content = ContentOf(body) };
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{method} {path} answered {(int)answer.StatusCode}, not {status}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>The answer whatever its status, for looking at headers. The caller disposes it.</summary>
    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body = null) =>
        Http.SendAsync(new HttpRequestMessage(method, path) { Content = ContentOf(body) });

    static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = TlsProxy.Trusted,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };

    static HttpContent? ContentOf(object? body) => body switch
    {
        null => null,
        HttpContent content => content,
        string text => new StringContent(text, Encoding.UTF8, "application/json"),
        JsonNode node => new StringContent(node.ToJsonString(), Encoding.UTF8, "application/json"),
        _ => JsonContent.Create(body, options: JsonSerializerOptions.Default),
    };
}
