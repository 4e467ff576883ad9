using Analytics.Tenancy;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Tenancy;

public sealed class ShortLivedCacheTests
{
    readonly FakeTimeProvider clock = new();
    int loads;

    [Fact]
    public async Task An_answer_is_remembered_for_two_seconds()
    {
        var cache = new ShortLivedCache<string, int>(clock, _ => Task.FromResult(++loads));
        Assert.Equal(1, await cache.GetAsync("a"));
        Assert.Equal(2, await cache.GetAsync("b"));

        clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await cache.GetAsync("a"));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, await cache.GetAsync("a"));
    }

    [Fact]
    public async Task An_answer_is_as_old_as_its_question()
    {
        var answer = new TaskCompletionSource<int>();
        var cache = new ShortLivedCache<string, int>(clock, _ => ++loads == 1 ? answer.Task : Task.FromResult(loads));
        var first = cache.GetAsync("a");

        clock.Advance(TimeSpan.FromSeconds(2));
        answer.SetResult(1);

        Assert.Equal(1, await first);
        Assert.Equal(2, await cache.GetAsync("a"));
    }

    [Fact]
    public async Task Failures_and_what_was_cleared_are_not_remembered()
    {
        var cache = new ShortLivedCache<string, int>(
            clock, _ => ++loads == 1 ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(loads));

        await Assert.ThrowsAsync<TimeoutException>(() => cache.GetAsync("a"));
        Assert.Equal(2, await cache.GetAsync("a"));
        cache.Clear();
        Assert.Equal(3, await cache.GetAsync("a"));
    }
}
