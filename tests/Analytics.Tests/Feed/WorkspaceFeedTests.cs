using Analytics.Feed;
using Analytics.Features.Streams;
using Analytics.Storage;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Feed;

public sealed class WorkspaceFeedTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_reader_who_comes_as_the_last_one_leaves_in_the_middle_of_a_page_misses_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Numbered.Events(0, 100));
        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        var clock = new FakeTimeProvider();
        using var feed = new WorkspaceFeed(
            known!, Track.Events, api.Services.GetRequiredService<FeedStore>(), clock, NullLogger.Instance, new FailureLog(NullLogger.Instance));
        // So many that they are woken in slices: the pump rests in the middle of the page until the clock moves.
        var first = Enumerable.Range(0, 2_000).Select(_ => NewSubscriber()).ToList();
        foreach (var subscriber in first)
            feed.GoLive(subscriber, 100);
        await workspace.IngestAsync(Numbered.Events(100, 200));
        feed.Wake(300);
        FeedBatch? batch = null;
        await Until.HoldsAsync(() => first[^1].TryTake(out batch), "Nothing is offered.");

        foreach (var subscriber in first)
            feed.Leave(subscriber);
        var late = NewSubscriber();
        var reached = feed.GoLive(late, 150);
        Assert.InRange(reached, batch!.Last, 300);
        await workspace.IngestAsync(Numbered.Event(300));
        feed.Wake(301);

        await clock.RunAsync(late.WaitAsync());
        Assert.True(late.TryTake(out batch));
        Assert.Equal(reached + 1, batch!.First);
    }

    static Subscriber NewSubscriber() => new(EventMessages.Shape, null, () => { });
}
