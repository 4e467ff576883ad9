using Analytics.Features.Streams;
using Analytics.Feed;
using Analytics.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Feed;

public sealed class EventFeedTests(AnalyticsApi api)
{
    [Fact]
    public void Each_reader_gets_a_sign_of_life_15_seconds_after_the_last_one_until_it_leaves()
    {
        var clock = new FakeTimeProvider();
        using var feed = new EventFeed(
            api.Services.GetRequiredService<FeedStore>(), new CommitNotices(), clock, NullLogger<EventFeed>.Instance);
        var (first, second) = (NewSubscriber(), NewSubscriber());
        feed.Open(first);
        clock.Advance(TimeSpan.FromSeconds(5));
        feed.Open(second);

        Assert.Equal([15, 30, 45], SignsOf(first, 5, 45));
        Assert.Equal([], SignsOf(second, 45, 49));
        Assert.Equal([50, 65], SignsOf(second, 49, 70));
        Assert.True(first.TakePing());

        feed.Close(first);
        feed.Close(second);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(first.TakePing());
        Assert.False(second.TakePing());

        List<int> SignsOf(Subscriber subscriber, int from, int to)
        {
            subscriber.TakePing();
            var signs = new List<int>();
            for (var at = from + 1; at <= to; at++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                if (subscriber.TakePing())
                    signs.Add(at);
            }

            return signs;
        }
    }

    static Subscriber NewSubscriber() => new(EventMessages.Shape, null, () => { });
}
