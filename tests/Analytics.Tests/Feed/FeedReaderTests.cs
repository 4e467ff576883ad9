using Analytics.Feed;
using Analytics.Features.Streams;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Feed;

public sealed class FeedReaderTests(AnalyticsApi api)
{
    [Fact]
    public async Task Positions_never_pass_what_waits_or_was_dropped()
    {
        var (key, rare, frequent) = await BatchesAsync();
        var positions = new Positions { [key] = 0 };
        var reader = NewReader();

        reader.Offer(rare);
        reader.Offer(frequent);
        Assert.False(reader.TrySkip(positions));
        Assert.Equal(0, positions[key]);

        Assert.True(reader.TryTake(out _));
        Assert.True(reader.TrySkip(positions));
        Assert.Equal(2, positions[key]);
        Assert.False(reader.TrySkip(positions));

        var ended = NewReader();
        positions[key] = 0;
        ended.Offer(rare);
        ended.Offer(frequent);
        ended.End();
        Assert.False(ended.TrySkip(positions));
        Assert.Equal(0, positions[key]);
    }

    [Fact]
    public async Task Positions_neither_go_back_nor_come_where_there_were_none()
    {
        var (key, _, frequent) = await BatchesAsync();
        var reader = NewReader();
        reader.Offer(frequent);
        var ahead = new Positions { [key] = 5 };
        Assert.False(reader.TrySkip(ahead));
        Assert.Equal(5, ahead[key]);

        reader.Offer(frequent);
        var none = new Positions();
        Assert.False(reader.TrySkip(none));
        Assert.Equal(0, none.Count);
    }

    static FeedReader NewReader() => new(EventMessages.Shape, e => e.Stored.Name == "rare", () => { });

    async Task<(int Key, FeedBatch Rare, FeedBatch Frequent)> BatchesAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Numbered.Event(0, "rare"), Numbered.Event(1, "frequent"));
        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        var page = await api.Services.GetRequiredService<FeedStore>().ReadAsync(known!, 0, CancellationToken.None);
        return (known!.Key, FeedBatch.Cut([page.Events[0]]).Single(), FeedBatch.Cut([page.Events[1]]).Single());
    }
}
