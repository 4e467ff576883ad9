using Analytics.Feed;
using Analytics.Features.Streams;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Analytics.Tests.Feed;

public sealed class WorkspaceFeedTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_reader_who_comes_as_the_last_one_leaves_in_the_middle_of_a_page_misses_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Numbered.Events(0, 100));
        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        using var feed = new WorkspaceFeed(known!, api.Services.GetRequiredService<FeedStore>(), TimeProvider.System, NullLogger.Instance);
        // So many that waking them takes the pump a while.
        var first = Enumerable.Range(0, 2_000).Select(_ => NewReader()).ToList();
        foreach (var reader in first)
            feed.GoLive(reader, 100);
        await workspace.IngestAsync(Numbered.Events(100, 200));
        feed.Wake(300);
        while (!first[^1].TryTake(out _))
            await Task.Delay(1);

        foreach (var reader in first)
            feed.Leave(reader);
        var late = NewReader();
        var reached = feed.GoLive(late, 150);
        await Task.Delay(600);
        await workspace.IngestAsync(Numbered.Event(300));
        feed.Wake(301);

        await late.WaitAsync();
        Assert.True(late.TryTake(out var batch));
        Assert.Equal(reached + 1, batch!.First);
    }

    static FeedReader NewReader() => new(EventMessages.Shape, null, () => { });
}
