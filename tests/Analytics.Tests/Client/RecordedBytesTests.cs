using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Analytics.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Client;

/// <summary>The bytes told are those that the client got, and sent.</summary>
public sealed class RecordedBytesTests : IAsyncLifetime
{
    static readonly byte[] Block = Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(0, 5_000)));
    readonly string file = Path.GetTempFileName();
    RecordingService service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await RecordingService.StartAsync();
        await File.WriteAllBytesAsync(file, Block);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        File.Delete(file);
    }

    [Theory]
    [InlineData("/none")]
    [InlineData("/json")]
    [InlineData("/stream")]
    [InlineData("/old-stream")]
    [InlineData("/pipe")]
    [InlineData("/file")]
    [InlineData("/part")]
    [InlineData("/range")]
    public async Task Bytes_are_counted_however_they_are_written(string path)
    {
        await using var shop = await Shop.StartAsync(service.Address, Routes);
        Assert.Equal(await LengthAsync(shop, HttpMethod.Get, path), await ToldAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_are_counted_as_they_leave_compressed(bool compressedFirst)
    {
        await using var shop = await Shop.StartAsync(
            builder => builder.Services.AddResponseCompression(),
            options => (options.Url, options.Key, options.Pause) = (service.Address, "ak_test", TimeSpan.Zero),
            app =>
            {
                if (compressedFirst)
                    app.UseResponseCompression().UseApiAnalytics();
                else
                    app.UseApiAnalytics().UseResponseCompression();
                Routes(app);
            });
        shop.Http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        var length = await LengthAsync(shop, HttpMethod.Get, "/text");
        Assert.InRange(length, 1, Block.Length - 1);
        Assert.Equal(length, await ToldAsync());
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_bytes()
    {
        await using var shop = await Shop.StartAsync(service.Address, Routes);
        Assert.Equal(0, await LengthAsync(shop, HttpMethod.Head, "/pipe"));
        Assert.Equal(0, await ToldAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_of_the_question_are_counted_with_and_without_a_length(bool chunked)
    {
        await using var shop = await Shop.StartAsync(service.Address, Routes);
        using var question = new HttpRequestMessage(HttpMethod.Post, "/taken") { Content = new ByteArrayContent(Block) };
        question.Headers.TransferEncodingChunked = chunked;
        Assert.Equal($"{Block.Length}", await (await shop.Http.SendAsync(question)).Content.ReadAsStringAsync());
        Assert.Equal(Block.Length, (await service.RequestAsync()).GetProperty("requestSize").GetInt64());
    }

    [Fact]
    public async Task A_web_socket_is_told_at_its_end_with_the_bytes_of_both_ways()
    {
        await using var shop = await Shop.StartAsync(service.Address, app =>
        {
            app.UseWebSockets();
            app.Map("/talk", async (HttpContext http) =>
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                var text = new byte[100];
                var heard = await socket.ReceiveAsync(text, http.RequestAborted);
                await socket.SendAsync(text.AsMemory(0, heard.Count), WebSocketMessageType.Text, endOfMessage: true, http.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
            });
        });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(shop.Http.BaseAddress!) { Scheme = "ws", Path = "/talk" }.Uri, default);
        await client.SendAsync(Block.AsMemory(0, 50), WebSocketMessageType.Text, endOfMessage: true, default);
        Assert.Equal(50, (await client.ReceiveAsync(new byte[100], default)).Count);
        Assert.Empty(service.Requests);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);

        var told = await service.RequestAsync();
        Assert.Equal(101, told.GetProperty("statusCode").GetInt32());
        // 50 bytes in a frame with a header of 2, and a close of 4; what the client sends has a mask of 4 besides.
        Assert.Equal(56, told.GetProperty("responseSize").GetInt64());
        Assert.Equal(64, told.GetProperty("requestSize").GetInt64());
    }

    async Task<long> ToldAsync() => (await service.RequestAsync()).GetProperty("responseSize").GetInt64();

    // Not what the answer says of its length: what came.
    static async Task<long> LengthAsync(Shop shop, HttpMethod method, string path)
    {
        using var answer = await shop.Http.SendAsync(new HttpRequestMessage(method, path));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadAsByteArrayAsync()).Length;
    }

    void Routes(WebApplication app)
    {
        app.MapGet("/none", () => Results.NoContent());
        app.MapGet("/json", () => new { text = "äöü" });
        app.MapGet("/text", () => Results.Text(Block, "text/plain"));
        app.MapGet("/stream", async (HttpResponse answer) =>
        {
            for (var times = 0; times < 20; times++)
            {
                await answer.Body.WriteAsync(Block);
                await answer.Body.FlushAsync();
            }
        });
        app.MapGet("/old-stream", (HttpContext http) =>
        {
            http.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            http.Response.Body.Write(Block, 10, 20);
            http.Response.Body.Write(Block.AsSpan(0, 30));
            return http.Response.Body.WriteAsync(Block, 0, 40);
        });
        app.MapMethods("/pipe", ["GET", "HEAD"], async (HttpResponse answer) =>
        {
            Block.AsSpan(0, 100).CopyTo(answer.BodyWriter.GetSpan(100));
            answer.BodyWriter.Advance(100);
            await answer.BodyWriter.WriteAsync(Block);
            await answer.BodyWriter.AsStream().WriteAsync(Block);
        });
        app.MapGet("/file", (HttpResponse answer) => answer.SendFileAsync(file));
        app.MapGet("/part", (HttpResponse answer) => answer.SendFileAsync(file, 1_000, 234));
        app.MapGet("/range", (HttpResponse answer) => answer.SendFileAsync(file, 1_000, null));
        app.MapPost("/taken", async (HttpRequest question) =>
        {
            var length = 0L;
            for (ReadResult read = default; !read.IsCompleted; question.BodyReader.AdvanceTo(read.Buffer.End))
                length += (read = await question.BodyReader.ReadAsync()).Buffer.Length;
            return $"{length}";
        });
    }
}
