using System.Text;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Requests;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Requests;

/// <summary>A request as a product tells of it; or the portal key of a customer.</summary>
sealed record Sent(
    DateTimeOffset At, string Endpoint = "GET:/orders/:id", decimal Latency = 10, short Status = 200, string? Customer = "acme", long Bytes = 100,
    long RequestBytes = 0, Guid? Portal = null);

static class SendingRequests
{
    public static async Task SendAsync(this WorkspaceClient client, params IEnumerable<Sent> requests)
    {
        var workspace = await client.Api.Services.GetRequiredService<TenantDirectory>().WorkspaceAsync(await Commands.RandomLife.KeyOfAsync(client));
        var facts = requests.Select((request, at) => new IncomingRequest
        {
            Index = at,
            Timestamp = Rfc3339.Microseconds(request.At),
            ExternalCustomerId = Encoding.UTF8.GetBytes(request.Portal is null ? request.Customer ?? "" : ""),
            CustomerId = request.Portal,
            Portal = request.Portal,
            ExternalId = Encoding.UTF8.GetBytes(Some.ExternalId),
            KeyKind = KeyKind.Request,
            Method = "GET"u8.ToArray(),
            Path = "/"u8.ToArray(),
            Endpoint = Encoding.UTF8.GetBytes(request.Endpoint),
            Status = request.Status,
            Latency = (long)(request.Latency * 1_000),
            RequestSize = request.RequestBytes,
            ResponseSize = request.Bytes,
        });
        foreach (var part in facts.Chunk(1_000))
            await client.Api.Services.GetRequiredService<FactWriter>().WriteAsync(workspace!, part, partial: false, default);
    }

    /// <summary>The problems' parameters.</summary>
    public static async Task<IEnumerable<string?>> RefusedAsync(this ApiClient client, string path) =>
        (await client.GetAsync(path, 400)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());

    /// <summary>The items of a list, each as some of its members.</summary>
    public static IEnumerable<string> Each(this JsonElement list, params string[] members) => list.EnumerateArray()
        .Select(item => string.Join(' ', members.Select(member => item.GetProperty(member).ToString())));

    /// <summary>The lines of the answer as CSV.</summary>
    public static async Task<string[]> LinesAsync(this ApiClient client, string path)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        Assert.Equal((200, "text/csv; charset=utf-8"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
    }
}
