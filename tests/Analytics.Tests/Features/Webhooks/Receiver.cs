using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>A message that arrived, as it arrived.</summary>
public sealed record Arrived(string Id, string Timestamp, string Signature, string Path, byte[] Body)
{
    public JsonElement Json { get; } = JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    public string EventId => Data.GetProperty("eventId").GetString()!;

    public DateTimeOffset SentAt => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture));

    /// <summary>What its signature by a secret is, by nothing but the scheme's words.</summary>
    public string SignedBy(string secret) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
        Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body]));
}

/// <summary>A receiver of webhooks on 127.0.0.2, which answers as a test wants it to.</summary>
public sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Arrived> arrived = [];

    Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.2:0");
        app = builder.Build();
        app.Run(TakeAsync);
    }

    /// <summary>What it answers, headers first where there are some; 204 unless a test says otherwise.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = With(204);

    public Uri Address => new(app.Urls.Single());

    /// <summary>Everything that arrived, in this order.</summary>
    public IReadOnlyList<Arrived> All => [.. arrived];

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>An answer of a status.</summary>
    public static Func<HttpContext, Task> With(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Waits until so many have arrived in all.</summary>
    public async Task<IReadOnlyList<Arrived>> CountAsync(int count)
    {
        await Until.HoldsAsync(() => Task.FromResult(arrived.Count >= count), () => $"{arrived.Count} messages arrived, not {count}.");
        return All;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers;
        Assert.Equal("application/json", http.Request.ContentType);
        Assert.False(headers.ContainsKey("traceparent"));
        arrived.Enqueue(new Arrived(
            headers["webhook-id"].Single()!, headers["webhook-timestamp"].Single()!, headers["webhook-signature"].Single()!,
            http.Request.Path, body.ToArray()));
        await Answer(http);
    }
}
