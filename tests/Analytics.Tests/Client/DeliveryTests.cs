using Analytics.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Client;

/// <summary>How facts come to the service, on a clock that stands still until a test moves it.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    RecordingService service = null!;

    public async ValueTask InitializeAsync() => service = await RecordingService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Facts_are_sent_packed_with_the_key_and_may_be_taken_in_part()
    {
        await using var shop = await StartAsync(options => options.BatchSize = 1);
        await shop.Http.GetStringAsync("/api/orders/1");
        shop.Events.Track("order.placed", "acme");
        var calls = (await service.CallsAsync(2)).OrderBy(call => call.Path).ToList();
        Assert.Equal(["/api/events/ingest", "/api/requests/ingest"], calls.Select(call => call.Path));
        Assert.All(calls, call =>
        {
            Assert.Equal("?partial=true", call.Query);
            Assert.Equal("Bearer ak_test", call.Headers["Authorization"]);
            Assert.Equal("application/json", call.Headers["Content-Type"]);
            Assert.Equal("gzip", call.Headers["Content-Encoding"]);
        });
    }

    [Fact]
    public async Task A_batch_waits_two_seconds_for_others_unless_it_is_full()
    {
        await using var shop = await StartAsync(options => options.BatchSize = 5);
        for (var number = 0; number < 7; number++)
            shop.Events.Track($"event {number}", "acme");
        await service.EventsAsync(5);
        await MoveAsync(TimeSpan.FromSeconds(1.9));
        Assert.Equal(5, Assert.Single(service.Calls).Facts.Count);
        await MoveUntilAsync(() => service.Events.Count == 7);
        Assert.Equal(2, service.Calls.Count);
    }

    [Fact]
    public async Task What_the_service_has_no_time_for_is_sent_again_as_it_was_when_it_says()
    {
        service.Answer = call => service.Calls.Count == 1
            ? new Refusal(503, "70")
            : RecordingService.All(call);
        await using var shop = await StartAsync(options => (options.BatchSize, options.Timeout) = (2, TimeSpan.FromDays(1)));
        shop.Events.Track("one", "acme");
        shop.Events.Track("two", "acme");
        await service.CallsAsync(1);
        // Far more than its own pauses, less than what was asked for.
        await MoveAsync(TimeSpan.FromSeconds(69));
        Assert.Single(service.Calls);
        await MoveUntilAsync(() => service.Calls.Count == 2);
        Assert.Equal(service.Calls[0].Body, service.Calls[1].Body);
        await Until.HoldsAsync(() => shop.Counted("sent") == 2, "Nothing is counted as sent.");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(301)]
    public async Task What_is_not_taken_is_sent_until_it_is(int status)
    {
        service.Answer = call => service.Calls.Count <= 6 ? new Refusal(status) : RecordingService.All(call);
        // Pauses pass in a few large steps, which no call that is under way must notice.
        await using var shop = await StartAsync(options => (options.BatchSize, options.Timeout) = (1, TimeSpan.FromDays(1)));
        shop.Events.Track("one", "acme");
        await MoveUntilAsync(() => shop.Counted("sent") == 1, seconds: 15);
        Assert.Equal(7, service.Calls.Count);
        Assert.Single(service.Events.Select(fact => fact.GetProperty("external_id").GetString()).Distinct());
    }

    [Fact]
    public async Task A_wrong_key_is_tried_no_more_than_twice_a_minute()
    {
        service.Answer = _ => new Refusal(401);
        await using var shop = await StartAsync(options => options.BatchSize = 1);
        shop.Events.Track("one", "acme");
        await service.CallsAsync(1);
        await MoveAsync(TimeSpan.FromSeconds(29));
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task One_bad_fact_holds_up_no_others_and_is_counted()
    {
        service.Answer = call => Results.Json(new
        {
            inserted = call.Facts.Count - 1, duplicates = 0, rejected = 1,
            errors = new[] { new { index = 0, pointer = "/events/0/name", code = "empty", message = "is empty" } },
        });
        await using var shop = await StartAsync(options => options.BatchSize = 3);
        foreach (var name in new[] { "", "two", "three" })
            shop.Events.Track(name, "acme");
        await Until.HoldsAsync(() => shop.Counted("sent") == 2, "The others are not sent.");
        Assert.Equal(1, shop.Counted("dropped refused"));
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task A_batch_that_is_refused_as_a_whole_makes_room_for_the_next()
    {
        service.Answer = call => service.Calls.Count == 1 ? new Refusal(400) : RecordingService.All(call);
        await using var shop = await StartAsync(options => options.BatchSize = 1);
        shop.Events.Track("one", "acme");
        await Until.HoldsAsync(() => shop.Counted("dropped refused") == 1, "The refused one is not counted.");
        shop.Events.Track("two", "acme");
        await Until.HoldsAsync(() => shop.Counted("sent") == 1, "The next one is not sent.");
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_sent_in_parts()
    {
        service.Answer = call => call.Facts.Count > 2 ? new Refusal(413) : RecordingService.All(call);
        await using var shop = await StartAsync(options => options.BatchSize = 7);
        for (var number = 0; number < 7; number++)
            shop.Events.Track($"event {number}", "acme");
        await Until.HoldsAsync(() => shop.Counted("sent") == 7, "Not all are sent.");
        Assert.Equal([1, 2, 2, 2], service.Calls.Select(call => call.Facts.Count).Where(count => count <= 2).Order());
    }

    [Fact]
    public async Task An_answer_of_something_else_takes_nothing()
    {
        service.Answer = call => service.Calls.Count == 1 ? Results.Text("<html>Welcome</html>") : RecordingService.All(call);
        await using var shop = await StartAsync(options => options.BatchSize = 1);
        shop.Events.Track("one", "acme");
        await MoveUntilAsync(() => service.Calls.Count == 2);
        await Until.HoldsAsync(() => shop.Counted("sent") == 1, "Nothing is counted as sent.");
        Assert.Equal(2, service.Calls.Count);
    }

    [Fact]
    public async Task A_service_that_hangs_harms_nobody_and_is_asked_again()
    {
        var hangs = new TaskCompletionSource();
        service.Answer = call => service.Calls.Count == 1 ? new Hanging(hangs.Task) : RecordingService.All(call);
        await using var shop = await StartAsync(options => options.BatchSize = 1);
        await shop.Http.GetStringAsync("/api/orders/1");
        await service.CallsAsync(1);
        for (var request = 0; request < 100; request++)
            Assert.Equal("order 2", await shop.Http.GetStringAsync("/api/orders/2"));
        Assert.Single(service.Calls);
        await MoveUntilAsync(() => service.Calls.Count > 1);
        await Until.HoldsAsync(() => shop.Counted("sent") == 101, "Not all are sent.");
        var told = service.Requests.Select(request => request.GetProperty("requestId").GetString()).ToList();
        Assert.Equal((102, 101), (told.Count, told.Distinct().Count()));
        hangs.SetResult();
    }

    [Fact]
    public async Task What_the_buffer_has_no_room_for_is_dropped_and_counted()
    {
        service.Answer = _ => new Refusal(503);
        await using var shop = await StartAsync(options => (options.BatchSize, options.BufferBytes) = (10, 20_000));
        for (var request = 0; request < 100; request++)
            await shop.Http.GetStringAsync("/api/orders/1");
        var dropped = shop.Counted("dropped full");
        Assert.InRange(dropped, 50, 90);
        service.Answer = RecordingService.All;
        await MoveUntilAsync(() => shop.Counted("sent") == 100 - dropped);

        // Who was told makes room again.
        await shop.Http.GetStringAsync("/api/orders/2");
        await MoveUntilAsync(() => shop.Counted("sent") == 101 - dropped);
        Assert.Equal(dropped, shop.Counted("dropped full"));
    }

    [Fact]
    public async Task A_host_that_stops_sends_what_is_left()
    {
        await using var shop = await StartAsync();
        for (var number = 0; number < 2_500; number++)
            shop.Events.Track($"event {number}", "acme");
        await shop.StopAsync();
        Assert.Equal((2_500, 2_500), (service.Events.Count, shop.Counted("sent")));
    }

    [Fact]
    public async Task A_host_stops_in_time_though_the_service_does_not_answer_and_counts_what_is_lost()
    {
        var hangs = new TaskCompletionSource();
        service.Answer = _ => new Hanging(hangs.Task);
        await using var shop = await StartAsync(options => options.Timeout = TimeSpan.FromDays(1));
        for (var number = 0; number < 1_200; number++)
            shop.Events.Track($"event {number}", "acme");
        var stopping = shop.StopAsync();
        var began = clock.GetUtcNow();
        await clock.RunAsync(stopping);
        Assert.InRange((clock.GetUtcNow() - began).TotalSeconds, 0, 60);
        Assert.Equal(1_200, shop.Counted("dropped exit"));
        hangs.SetResult();
    }

    [Fact]
    public async Task A_host_that_stops_does_not_wait_out_a_pause()
    {
        service.Answer = call => service.Calls.Count == 1 ? new Refusal(503, "500") : RecordingService.All(call);
        await using var shop = await StartAsync(options => options.BatchSize = 1);
        shop.Events.Track("one", "acme");
        await service.CallsAsync(1);
        await shop.StopAsync();
        Assert.Equal(1, shop.Counted("sent"));
    }

    Task<Shop> StartAsync(Action<AnalyticsOptions>? options = null) => Shop.StartAsync(
        service.Address,
        options: told =>
        {
            told.Pause = TimeSpan.FromSeconds(2);
            options?.Invoke(told);
        },
        configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));

    /// <summary>Lets so much of the client's time pass, in little steps, for it to see each.</summary>
    async Task MoveAsync(TimeSpan time)
    {
        for (var end = clock.GetUtcNow() + time; clock.GetUtcNow() < end; await Task.Delay(1))
            clock.Advance(time / 20);
    }

    Task MoveUntilAsync(Func<bool> isSo, int seconds = 1) => Until.HoldsAsync(
        () =>
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            return Task.FromResult(isSo());
        },
        "It does not happen, however much time passes.");
}
