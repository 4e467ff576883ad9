using Analytics.Feed;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Tests.Features.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Feed;

public sealed class EventPagesTests(AnalyticsApi api)
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

        var pages = await new EventPages(api.Services.GetRequiredService<CitusTables>(), TimeProvider.System)
            .ReadAsync(rows.Store, [(known!, 0)]);

        Assert.Equal(EventPages.Size, (await pages.Single()).Events.Count);
        Assert.Equal(EventPages.Size, rows.ByTable()[$"events_{Some.Day:yyyy_MM}"]);
    }
}
