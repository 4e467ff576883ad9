using Analytics.Feed;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Tests.Features.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Feed;

public sealed class FeedPagesTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_page_reads_its_own_events_however_many_happened_at_the_same_time()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Events(4_000, at: Some.Day));
        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        var asTheFeed = new NpgsqlConnectionStringBuilder(api.ConnectionString);
        FeedStore.Bound(asTheFeed);
        await using var rows = new ReadRows(asTheFeed.ConnectionString);

        var pages = await new FeedPages(api.Services.GetRequiredService<CitusTables>(), TimeProvider.System)
            .ReadAsync(rows.Store, [new PagePlace(known!, Track.Events, 0)]);

        Assert.Equal(FeedPages.Size, (await pages.Single()).Records.Count);
        Assert.Equal(FeedPages.Size, rows.ByTable()[$"events_{Some.Day:yyyy_MM}"]);
    }
}
