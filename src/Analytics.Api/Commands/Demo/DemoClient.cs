using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Analytics.Commands.Demo;

/// <summary>Calls the service over HTTP, as any client would, with one key.</summary>
sealed class DemoClient(HttpClient http, string key)
{
    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, cancel);

    public Task<JsonElement> PostAsync(
        string path, object body, CancellationToken cancel, HttpStatusCode alsoFine = HttpStatusCode.OK) =>
        SendAsync(HttpMethod.Post, path, body, cancel, alsoFine);

    public Task<JsonElement> PatchAsync(string path, object body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Patch, path, body, cancel);

    /// <summary>Sends facts to the route that takes such; the answer comes when they are stored.</summary>
    public Task SendAsync(string route, string name, IReadOnlyCollection<object> facts, CancellationToken cancel) =>
        PostAsync(route, new Dictionary<string, object> { [name] = facts }, cancel);

    async Task<JsonElement> SendAsync(
        HttpMethod method, string path, object? body, CancellationToken cancel, HttpStatusCode alsoFine = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode != alsoFine)
            answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
    }
}
