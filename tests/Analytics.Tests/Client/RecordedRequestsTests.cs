using System.Text.Json;
using Analytics.Client;
using Analytics.PrivatePostgres;
using Analytics.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Analytics.Tests.Client;

/// <summary>What is told of a request.</summary>
public sealed class RecordedRequestsTests : IAsyncLifetime
{
    RecordingService service = null!;

    public async ValueTask InitializeAsync() => service = await RecordingService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_request_is_told_with_all_that_is_known_of_it()
    {
        await using var shop = await Shop.StartAsync(service.Address, options: options =>
        {
            options.CustomerId = http => http.Request.Headers["X-Customer"];
            options.ProductId = _ => "shop";
            options.ApiKeyId = _ => "key 7";
        });
        using var question = new HttpRequestMessage(HttpMethod.Get, "/api/orders/4%202?secret=1")
        {
            Headers = { { "X-Customer", "acme" }, { "User-Agent", "curl/8.1" } },
        };
        var before = TimeProvider.System.GetUtcNow();
        Assert.Equal("order 4 2", await (await shop.Http.SendAsync(question)).Content.ReadAsStringAsync());

        var told = await service.RequestAsync();
        Assert.Equal("GET", Text(told, "method"));
        Assert.Equal("/api/orders/4%202", Text(told, "path"));
        Assert.Equal("/api/orders/{id}", Text(told, "route"));
        Assert.Equal(200, Number(told, "statusCode"));
        Assert.Equal(9, Number(told, "responseSize"));
        Assert.Equal(0, Number(told, "requestSize"));
        Assert.Equal("acme", Text(told, "customerId"));
        Assert.Equal("shop", Text(told, "productId"));
        Assert.Equal("key 7", Text(told, "apiKeyId"));
        Assert.Equal("curl/8.1", Text(told, "userAgent"));
        Assert.Equal("127.0.0.1", Text(told, "ip"));
        Assert.InRange(told.GetProperty("latencyMs").GetDecimal(), 0.001m, 60_000);
        Assert.InRange(told.GetProperty("timestamp").GetDateTimeOffset(), before, TimeProvider.System.GetUtcNow());
        Assert.InRange(Text(told, "requestId")!.Length, 20, 36);
    }

    [Fact]
    public async Task Every_request_has_an_id_of_its_own()
    {
        await using var shop = await Shop.StartAsync(service.Address);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(id => shop.Http.GetStringAsync($"/api/orders/{id}")));
        var told = await service.RequestsAsync(100);
        Assert.Equal(100, told.Select(request => Text(request, "requestId")).Distinct().Count());
        Assert.Equal(100, told.Select(request => Text(request, "path")).Distinct().Count());
    }

    [Fact]
    public async Task What_is_redacted_is_not_told()
    {
        await using var shop = await Shop.StartAsync(
            service.Address, options: options => (options.RecordPath, options.RecordUserAgent, options.RecordIp) = (false, false, false));
        shop.Http.DefaultRequestHeaders.Add("User-Agent", "curl/8.1");
        await shop.Http.GetStringAsync("/api/orders/secret");
        await shop.Http.GetAsync("/nowhere/secret");
        var told = await service.RequestsAsync(2);
        Assert.Equal(["/api/orders/{id}", "/:path"], told.Select(request => Text(request, "path")));
        Assert.All(told, request => Assert.Equal((null, null), (Text(request, "userAgent"), Text(request, "ip"))));
    }

    [Fact]
    public async Task What_is_ignored_is_not_told()
    {
        await using var shop = await Shop.StartAsync(
            service.Address, options: options => options.Ignore = http => http.Response.StatusCode == StatusCodes.Status404NotFound);
        await shop.Http.GetAsync("/nowhere");
        await shop.Http.GetStringAsync("/api/orders/1");
        Assert.Equal("/api/orders/1", Text(await service.RequestAsync(), "path"));
    }

    [Fact]
    public async Task A_sample_is_a_share_of_all_requests()
    {
        await using var shop = await Shop.StartAsync(service.Address, options: options => options.Sampling = 0.25);
        for (var request = 0; request < 1_000; request++)
            await shop.Http.GetStringAsync("/api/orders/1");
        await shop.StopAsync();
        // Six times the deviation of 13.7 on either side.
        Assert.InRange(service.Requests.Count, 168, 332);
    }

    [Fact]
    public async Task A_function_that_throws_harms_no_request_and_is_counted()
    {
        await using var shop = await Shop.StartAsync(
            service.Address, options: options => options.CustomerId = _ => throw new InvalidOperationException("no customer"));
        Assert.Equal("order 1", await shop.Http.GetStringAsync("/api/orders/1"));
        await Until.HoldsAsync(() => shop.Counted("dropped unwritable") == 1, "The loss is not counted.");
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_told_and_the_host_works()
    {
        await using var shop = await Shop.StartAsync(service.Address, options: options => options.Key = null);
        Assert.Equal("order 1", await shop.Http.GetStringAsync("/api/orders/1"));
        shop.Events.Track("order.placed", "acme");
        await shop.StopAsync();
        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task Only_requests_that_come_by_are_told()
    {
        await using var shop = await Shop.StartAsync(
            null,
            options => (options.Url, options.Key, options.Pause) = (service.Address, "ak_test", TimeSpan.Zero),
            app =>
            {
                app.Map("/api", api => api.UseApiAnalytics().Run(http => http.Response.WriteAsync("told")));
                app.Run(http => http.Response.WriteAsync("untold"));
            });
        Assert.Equal("untold", await shop.Http.GetStringAsync("/health"));
        Assert.Equal("told", await shop.Http.GetStringAsync("/api/x"));
        Assert.Equal("/api/x", Text(await service.RequestAsync(), "path"));
    }

    [Fact]
    public async Task A_host_that_the_calls_come_through_does_not_tell_of_them()
    {
        var own = new Uri($"http://127.0.0.1:{ClusterConfiguration.FreePort()}");
        var came = 0;
        await using var shop = await Shop.StartAsync(
            null,
            options => (options.Url, options.Key, options.Pause) = (own, "ak_test", TimeSpan.Zero),
            app =>
            {
                app.Urls.Clear();
                app.Urls.Add(own.ToString());
                app.UseApiAnalytics();
                app.MapPost("/api/requests/ingest", () =>
                {
                    Interlocked.Increment(ref came);
                    return Results.Json(new { inserted = 1, duplicates = 0 });
                });
                app.MapGet("/hello", () => "hello");
            });
        await shop.Http.GetStringAsync("/hello");
        await Until.HoldsAsync(() => shop.Counted("sent") == 1, "The request is not told.");
        await shop.StopAsync();
        Assert.Equal((1, 1), (came, shop.Counted("sent")));
    }

    [Theory]
    [InlineData("OPTIONS", "*", "*")]
    [InlineData("GET", "/a//b;c=1/%C3%A9", "/a//b;c=1/%C3%A9")]
    public async Task A_path_is_told_as_it_was_asked(string method, string target, string path)
    {
        await using var shop = await Shop.StartAsync(service.Address);
        await RawConnection.AskAsync(shop.Http.BaseAddress!, $"{method} {target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
        Assert.Equal(path, Text(await service.RequestAsync(), "path"));
    }

    static string? Text(JsonElement fact, string name) => fact.TryGetProperty(name, out var value) ? value.GetString() : null;

    static long Number(JsonElement fact, string name) => fact.GetProperty(name).GetInt64();
}
