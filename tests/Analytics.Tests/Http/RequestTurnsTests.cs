using Analytics.Contract;
using Analytics.Http;
using Analytics.Sharing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Http;

public sealed class RequestTurnsTests
{
    readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task A_read_ends_after_ten_seconds_and_gives_its_place_back()
    {
        var places = new Turns("requests", 1, clock);
        var turns = Of(http => Task.Delay(Timeout.Infinite, http.RequestAborted), places);
        var slow = turns.InvokeAsync(Request("GET"));
        var behind = turns.InvokeAsync(Request("GET"));
        clock.Advance(TimeSpan.FromSeconds(10));

        foreach (var read in new[] { slow, behind })
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() => read);
            Assert.Equal((503, 1), (refused.Status, refused.RetryAfter));
        }

        await Of(_ => Task.CompletedTask, places).InvokeAsync(Request("GET"));
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_read_that_took_too_long()
    {
        using var gone = new CancellationTokenSource();
        var request = Request("GET");
        request.RequestAborted = gone.Token;
        var read = Of(http => Task.Delay(Timeout.Infinite, http.RequestAborted), new Turns("requests", 1, clock)).InvokeAsync(request);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.True(request.RequestAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task Changes_have_no_deadline_once_they_have_a_place()
    {
        var done = new TaskCompletionSource();
        var change = Of(_ => done.Task, new Turns("requests", 1, clock)).InvokeAsync(Request("POST"));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(change.IsCompleted);
        done.SetResult();
        await change;
    }

    RequestTurns Of(RequestDelegate next, Turns places) => new(next, _ => Guid.Empty, places, clock);

    static DefaultHttpContext Request(string method)
    {
        var http = new DefaultHttpContext { Request = { Method = method } };
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new RequireScopeAttribute("events:read")), "a route"));
        return http;
    }
}
