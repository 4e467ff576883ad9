using System.Net;
using System.Text.Json;
using Analytics.Client;
using Analytics.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Tests.Client;

/// <summary>How requests that end otherwise than well are told, and under which route.</summary>
public sealed class RecordedOutcomesTests : IAsyncLifetime
{
    RecordingService service = null!;

    public async ValueTask InitializeAsync() => service = await RecordingService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_request_that_throws_is_told_as_500_and_fails_as_it_would_have()
    {
        await using var shop = await Shop.StartAsync(service.Address, app => app.MapGet("/broken/{part}", Broken));
        Assert.Equal(HttpStatusCode.InternalServerError, (await shop.Http.GetAsync("/broken/arm")).StatusCode);
        Assert.Equal(("/broken/{part}", 500), Told(await service.RequestAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_handler_leaves_the_request_its_own_route(bool handlerFirst)
    {
        await using var shop = await StartAsync(app =>
        {
            if (handlerFirst)
                app.UseExceptionHandler("/error").UseApiAnalytics();
            else
                app.UseApiAnalytics().UseExceptionHandler("/error");
            app.UseRouting();
            app.MapGet("/broken/{part}", Broken);
            app.MapGet("/error", () => Results.Text("sorry", statusCode: 503));
        });
        Assert.Equal("sorry", await (await shop.Http.GetAsync("/broken/arm")).Content.ReadAsStringAsync());
        var told = await service.RequestAsync();
        Assert.Equal(("/broken/{part}", 503), Told(told));
        Assert.Equal("/broken/arm", told.GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_page_for_a_status_is_not_the_route_of_what_has_none()
    {
        await using var shop = await StartAsync(app =>
        {
            app.UseApiAnalytics().UseStatusCodePagesWithReExecute("/status/{0}").UseRouting();
            app.MapGet("/status/{code}", (int code) => $"page {code}");
        });
        Assert.Equal("page 404", await (await shop.Http.GetAsync("/nowhere")).Content.ReadAsStringAsync());
        Assert.Equal((null, 404), Told(await service.RequestAsync()));
    }

    [Fact]
    public async Task A_request_the_host_finds_bad_is_told_with_the_status_it_got()
    {
        await using var shop = await Shop.StartAsync(
            service.Address, app => app.MapGet("/x", IResult () => throw new BadHttpRequestException("too large", 413)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await shop.Http.GetAsync("/x")).StatusCode);
        Assert.Equal(("/x", 413), Told(await service.RequestAsync()));
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_answer_is_told_as_499()
    {
        var came = new TaskCompletionSource();
        await using var shop = await Shop.StartAsync(service.Address, app => app.MapGet("/slow", async (CancellationToken cancel) =>
        {
            came.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
        }));
        using var leave = new CancellationTokenSource();
        var asking = shop.Http.GetAsync("/slow", leave.Token);
        await came.Task;
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(("/slow", 499), Told(await service.RequestAsync()));
    }

    [Fact]
    public async Task A_stream_that_its_client_leaves_is_told_at_its_end_as_it_was_answered()
    {
        await using var shop = await Shop.StartAsync(service.Address, app => app.MapGet("/feed", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: 1\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }));
        using (var answer = await shop.Http.GetAsync("/feed", HttpCompletionOption.ResponseHeadersRead))
            Assert.Empty(service.Requests);
        var told = await service.RequestAsync();
        Assert.Equal(("/feed", 200), Told(told));
        Assert.Equal(9, told.GetProperty("responseSize").GetInt64());
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_told_as_500()
    {
        await using var shop = await Shop.StartAsync(service.Address, app => app.MapGet("/half", async (HttpResponse answer) =>
        {
            await answer.WriteAsync("half");
            await answer.Body.FlushAsync();
            throw new InvalidOperationException("no more");
        }));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => shop.Http.GetStringAsync("/half"));
        Assert.Equal(("/half", 500), Told(await service.RequestAsync()));
    }

    [Fact]
    public async Task Controllers_are_told_apart_by_conventional_routes_too()
    {
        await using var shop = await StartAsync(
            app =>
            {
                app.UseApiAnalytics();
                app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
            },
            builder => ProbeNode.AddProbes(builder, typeof(Shelves)));
        Assert.Equal("shelf 7", await shop.Http.GetStringAsync("/Shelves/Show/7"));
        Assert.Equal("books 7", await shop.Http.GetStringAsync("/shelves/7/books"));
        Assert.Equal([("/Shelves/Show/{id?}", 200), ("/shelves/{id}/books", 200)], (await service.RequestsAsync(2)).Select(Told));
    }

    Task<Shop> StartAsync(Action<WebApplication> pipeline, Action<WebApplicationBuilder>? configure = null) => Shop.StartAsync(
        configure, options => (options.Url, options.Key, options.Pause) = (service.Address, "ak_test", TimeSpan.FromMilliseconds(20)),
        pipeline);

    static (string? Route, int Status) Told(JsonElement request) => (
        request.TryGetProperty("route", out var route) ? route.GetString() : null, request.GetProperty("statusCode").GetInt32());

    /// <summary>A controller of the shop's.</summary>
    public sealed class Shelves : ControllerBase
    {
        public ContentResult Show(string id) => Content($"shelf {id}");

        [HttpGet("shelves/{id}/books")]
        public ContentResult Books(string id) => Content($"books {id}");
    }

    static IResult Broken(string part) => throw new InvalidOperationException($"The {part} is broken.");
}
