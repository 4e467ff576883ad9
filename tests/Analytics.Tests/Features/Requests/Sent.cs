using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Requests;

/// <summary>A request to an endpoint, of which a product tells: or, without a customer's name, the portal key of a customer.</summary>
sealed record Sent(
    DateTimeOffset At, string Endpoint = "GET:/orders/:id", decimal Latency = 10, short Status = 200, string? Customer = "acme", long Bytes = 100,
    long RequestBytes = 0, Guid? Portal = null)
{
    /// <summary>As the ingest route takes it.</summary>
    public JsonObject Body => new()
    {
        ["method"] = Endpoint.Split(':')[0],
        ["path"] = "/",
        ["route"] = Endpoint[(Endpoint.IndexOf(':') + 1)..],
        ["statusCode"] = Status,
        ["latencyMs"] = Latency,
        ["customerId"] = Portal is null ? Customer : null,
        ["requestSize"] = RequestBytes,
        ["responseSize"] = Bytes,
        ["timestamp"] = At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    };
}

static class SendingRequests
{
    public static async Task SendAsync(this WorkspaceClient client, params IEnumerable<Sent> requests)
    {
        foreach (var sender in requests.GroupBy(request => request.Portal))
        {
            var teller = sender.Key is { } customer ? await client.BoundToAsync(customer) : client;
            foreach (var batch in sender.Chunk(1_000))
                await teller.PostAsync(
                    "/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. batch.Select(request => request.Body)]) });
        }
    }

    /// <summary>The parameters that a question is refused for.</summary>
    public static async Task<IEnumerable<string?>> RefusedAsync(this ApiClient client, string path) =>
        (await client.GetAsync(path, 400)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());

    /// <summary>The items of a list, each as some of its members.</summary>
    public static IEnumerable<string> Each(this JsonElement list, params string[] members) => list.EnumerateArray()
        .Select(item => string.Join(' ', members.Select(member => item.GetProperty(member).ToString())));

    /// <summary>The lines of an answer in CSV.</summary>
    public static async Task<string[]> LinesAsync(this ApiClient client, string path)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        Assert.Equal((200, "text/csv; charset=utf-8"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
    }
}
