using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Analytics.Commands.Demo;

/// <summary>
/// Fills a workspace called <c>demo</c> over HTTP, as any client would. Doing it again adds what is new since: every event and request has
/// an id, so none is stored twice.
/// </summary>
sealed class DemoLoad(HttpClient http, string rootKey, TimeProvider clock)
{
    const int FactsAtOnce = 1_000;

    /// <summary>Loads the last 30 days; gives the key that was made for the workspace.</summary>
    public async Task<(string Key, long Events, long Requests)> RunAsync(CancellationToken cancel)
    {
        var workspace = await WorkspaceAsync(cancel);
        var made = await SendAsync(
            HttpMethod.Post, $"api/workspaces/{workspace}/keys", rootKey, new { name = "demo", scopes = Tenancy.Scopes.All }, cancel);
        var key = made.GetProperty("key").GetString()!;
        foreach (var customer in DemoLife.Customers)
            await SendAsync(HttpMethod.Post, "api/customers", key,
                new { external_id = customer.ExternalId, name = customer.Name, email = customer.Email }, cancel, HttpStatusCode.Conflict);

        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var (life, calls) = (new DemoLife(today), new DemoRequests(today));
        var days = Enumerable.Range(0, DemoLife.Days).Reverse().ToList();
        var events = await LoadAsync(
            "api/events/ingest", key, days.SelectMany(day => life.EventsOf(day, now)), batch => new { events = batch }, cancel);
        var requests = await LoadAsync(
            "api/requests/ingest", key, days.SelectMany(day => calls.RequestsOf(day, now)), batch => new { requests = batch }, cancel);
        return (key, events, requests);
    }

    async Task<long> LoadAsync(string route, string key, IEnumerable<object> facts, Func<object[], object> body, CancellationToken cancel)
    {
        long sent = 0;
        foreach (var batch in facts.Chunk(FactsAtOnce))
        {
            await SendAsync(HttpMethod.Post, route, key, body(batch), cancel);
            sent += batch.Length;
        }

        return sent;
    }

    async Task<Guid> WorkspaceAsync(CancellationToken cancel)
    {
        var made = await SendAsync(
            HttpMethod.Post, "api/workspaces", rootKey, new { name = "Demo", slug = "demo" }, cancel, HttpStatusCode.Conflict);
        if (made.TryGetProperty("id", out var id))
            return id.GetGuid();
        string? cursor = null;
        do
        {
            var after = cursor is null ? "" : $"&cursor={cursor}";
            var page = await SendAsync(HttpMethod.Get, "api/workspaces?limit=1000" + after, rootKey, null, cancel);
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
