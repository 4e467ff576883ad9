using Analytics.Feed;
using Analytics.Features.Streams;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Feed;

public sealed class SubscriberTests(AnalyticsApi api)
{
    [Fact]
    public async Task Positions_never_pass_what_waits_or_was_dropped()
    {
        var (key, rare, frequent) = await BatchesAsync();
        var cursor = new Cursor(Track.Events) { [key] = 0 };
        var subscriber = NewSubscriber();

        subscriber.Offer(rare);
        subscriber.Offer(frequent);
        Assert.False(subscriber.TrySkip(cursor));
        Assert.Equal(0, cursor[key]);

        Assert.True(subscriber.TryTake(out _));
        Assert.True(subscriber.TrySkip(cursor));
        Assert.Equal(2, cursor[key]);
        Assert.False(subscriber.TrySkip(cursor));

        var ended = NewSubscriber();
        cursor[key] = 0;
        ended.Offer(rare);
        ended.Offer(frequent);
        ended.End();
        Assert.False(ended.TrySkip(cursor));
        Assert.Equal(0, cursor[key]);
    }

    [Fact]
    public async Task Positions_neither_go_back_nor_come_where_there_were_none()
    {
        var (key, _, frequent) = await BatchesAsync();
        var subscriber = NewSubscriber();
        subscriber.Offer(frequent);
        var ahead = new Cursor(Track.Events) { [key] = 5 };
        Assert.False(subscriber.TrySkip(ahead));
        Assert.Equal(5, ahead[key]);

        subscriber.Offer(frequent);
        var none = new Cursor(Track.Events);
        Assert.False(subscriber.TrySkip(none));
        Assert.Equal(0, none.Count);
    }

    static Subscriber NewSubscriber() => new(EventMessages.Shape, record => record.Name == "rare", () => { });

    async Task<(int Key, FeedBatch Rare, FeedBatch Frequent)> BatchesAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Numbered.Event(0, "rare"), Numbered.Event(1, "frequent"));
        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        var page = await api.Services.GetRequiredService<FeedStore>().ReadAsync(known!, Track.Events, 0, CancellationToken.None);
        return (known!.Key, FeedBatch.Cut([page.Records[0]]).Single(), FeedBatch.Cut([page.Records[1]]).Single());
    }
}
