using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Analytics.Commands.Demo;

/// <summary>
/// Fills a workspace called <c>demo</c> over HTTP, as any client would. Doing it again adds what is new since: every event has
/// an external id, so none is stored twice.
/// </summary>
sealed class DemoLoad(HttpClient http, string rootKey, TimeProvider clock)
{
    const int EventsAtOnce = 1_000;

    /// <summary>Loads the last 30 days; gives the key that was made for the workspace.</summary>
    public async Task<(string Key, long Events)> RunAsync(CancellationToken cancel)
    {
        var workspace = await WorkspaceAsync(cancel);
        var made = await SendAsync(
            HttpMethod.Post, $"/api/workspaces/{workspace}/keys", rootKey, new { name = "demo", scopes = Tenancy.Scopes.All }, cancel);
        var key = made.GetProperty("key").GetString()!;
        foreach (var customer in DemoLife.Customers)
            await SendAsync(HttpMethod.Post, "/api/customers", key,
                new { external_id = customer.ExternalId, name = customer.Name, email = customer.Email }, cancel, HttpStatusCode.Conflict);

        var now = clock.GetUtcNow();
        var life = new DemoLife(DateOnly.FromDateTime(now.UtcDateTime));
        long events = 0;
        foreach (var batch in Enumerable.Range(0, DemoLife.Days).Reverse().SelectMany(day => life.EventsOf(day, now)).Chunk(EventsAtOnce))
        {
            await SendAsync(HttpMethod.Post, "/api/events/ingest", key, new { events = batch }, cancel);
            events += batch.Length;
        }

        return (key, events);
    }

    async Task<Guid> WorkspaceAsync(CancellationToken cancel)
    {
        var made = await SendAsync(
            HttpMethod.Post, "/api/workspaces", rootKey, new { name = "Demo", slug = "demo" }, cancel, HttpStatusCode.Conflict);
        if (made.TryGetProperty("id", out var id))
            return id.GetGuid();
        string? cursor = null;
        do
        {
            var after = cursor is null ? "" : $"&cursor={cursor}";
            var page = await SendAsync(HttpMethod.Get, "/api/workspaces?limit=1000" + after, rootKey, null, cancel);
            foreach (var workspace in page.GetProperty("data").EnumerateArray())
                if (workspace.GetProperty("slug").GetString() == "demo")
                    return workspace.GetProperty("id").GetGuid();
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        throw new InvalidOperationException("The workspace 'demo' is there and is not.");
    }

    async Task<JsonElement> SendAsync(
        HttpMethod method, string path, string key, object? body, CancellationToken cancel, HttpStatusCode alsoFine = HttpStatusCode.OK)
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
