using System.Globalization;
using System.Text.Json.Nodes;
using Analytics.Features.Metrics;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Rollups.Rebuilding;
using Analytics.Storage.Sales;
using Analytics.Storage.Schema;
using Analytics.Tests.Commands;
using Analytics.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Upkeep = Analytics.Tests.Oracle.Upkeep;

namespace Analytics.Tests.Storage;

/// <summary>Shares and payments count the same in whatever order their events come, before and after they are flushed and recounted.</summary>
public sealed class ShareActivityTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Start = new(2026, 3, 27, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_shares_story_is_counted_at_its_times()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Event("file_share.downloaded", 2, new() { ["share_id"] = "s" }),
            Event("payment.refunded", 5, new() { ["payment_id"] = "p", ["amount_cents"] = 250 }),
            Event("task.done", 3, new() { ["share_id"] = "s", ["_cost"] = new JsonObject { ["amount"] = 1.5m, ["currency"] = "usd" } }));
        await workspace.IngestAsync(
            Event("payment.completed", 4, new() { ["payment_id"] = "p", ["amount_cents"] = 1000, ["platform_fee_cents"] = 30, ["share_id"] = "s" }),
            Event("file_share.created", 1, new() { ["share_id"] = "s", ["price_cents"] = 1000, ["file_size_bytes"] = 77, ["expires_at"] = Time(9 * 24) }, "ann"),
            Event("file_share.created", 6, new() { ["share_id"] = "s", ["price_cents"] = 1 }, "ben"));

        var series = await ReadAsync(workspace, 12, ActivityScope.Everything);
        var sums = series.Buckets[0].Sums;
        Assert.Equal([1, 1, 1000, 1, 0, 0, 0, 0, 1, 77, 750, 22], Enumerable.Range(0, SalesFacts.Count).Select(m => (int)sums[(SalesSum)m]));
        Assert.Equal(1_500_000_000_000, (long)sums.Cost);
        Assert.Equal(3, series.Users);
        Assert.Equal(1, series.Buckets[9].Sums[SalesSum.SessionExpiries]);

        await workspace.IngestAsync(Event("file_share.completed", 7, new() { ["share_id"] = "s" }));
        series = await ReadAsync(workspace, 12, ActivityScope.Everything);
        Assert.Equal(1, series.Buckets[0].Sums[SalesSum.CompletedSessions]);
        Assert.Equal(0, series.Buckets[9].Sums[SalesSum.SessionExpiries]);
    }

    [Fact]
    public async Task What_came_before_its_share_is_moved_however_its_numbers_were_written()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Event("file_share.downloaded", 2, new() { ["share_id"] = "s", ["bytes"] = 5.00m }),
            Event("task.done", 3, new() { ["share_id"] = "s", ["_cost"] = new JsonObject { ["amount"] = "-2.50e-1", ["currency"] = "usd" } }));
        await workspace.IngestAsync(Event("file_share.created", 1, new() { ["share_id"] = "s", ["file_size_bytes"] = 7.0m }, "ann"));

        var ofAnn = await ReadAsync(workspace, 1, new(null, await PeopleAsync(workspace, "ann")));
        var sums = ofAnn.Buckets[0].Sums;
        Assert.Equal((1, 5), ((int)sums[SalesSum.Downloads], (int)sums[SalesSum.DownloadedBytes]));
        Assert.Equal(-250_000_000_000, (long)(await ReadAsync(workspace, 1, ActivityScope.Everything)).Buckets[0].Sums.Cost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_order_of_arrival_counts_the_same_and_so_does_a_recount(int seed)
    {
        var random = new Random(seed);
        var life = Enumerable.Range(0, 600).Select(_ => SalesLife.Event(random)).ToArray();
        string? first = null;
        for (var round = 0; round < 3; round++)
        {
            var workspace = await api.NewWorkspaceAsync("Europe/Paris");
            random.Shuffle(life);
            foreach (var batch in life.Chunk(1 + random.Next(120)))
            {
                await workspace.IngestAsync(batch.Select(e => e.DeepClone()));
                if (random.Next(3) == 0)
                    await new StoredRollups(api.Store, await RandomLife.KeyOfAsync(workspace)).FlushAsync();
            }

            var counted = await DescribeAsync(workspace);
            Assert.Equal(first ??= counted, counted);
            var key = await RandomLife.KeyOfAsync(workspace);
            await new StoredRollups(api.Store, key).RunAsync("update workspace_seq set barrier = null where workspace_id = $1");
            Assert.True(await new Rebuild(api.Store, key, Catalogue.Default).RunAsync(null, default));
            Assert.Equal(first, await DescribeAsync(workspace));
        }
    }

    [Fact]
    public async Task What_had_run_out_in_sealed_days_before_it_was_created_is_counted_once_by_every_recount()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Event("file_share.created", 50, new() { ["share_id"] = "s", ["expires_at"] = Time(5) }));
        var upkeep = await Upkeep.OfAsync(workspace);
        await new StoredRollups(api.Store, upkeep.Workspace).RunAsync(
            $"update workspace_seq set horizon = '{Start.AddDays(1):yyyy-MM-dd}Z' where workspace_id = $1");
        for (var round = 0; round < 3; round++)
        {
            var series = await ReadAsync(workspace, 3, ActivityScope.Everything);
            Assert.Equal((1, 1), ((int)series.Buckets[0].Sums[SalesSum.ExpiredSessions], (int)series.Buckets[2].Sums[SalesSum.Sessions]));
            await upkeep.RebuildAsync();
        }
    }

    async Task<string> DescribeAsync(WorkspaceClient workspace)
    {
        var text = new System.Text.StringBuilder();
        await using var connection = await api.Store.OpenConnectionAsync();
        var key = await RandomLife.KeyOfAsync(workspace);
        await using var services = api.Services.CreateAsyncScope();
        var stored = await services.ServiceProvider.GetRequiredService<AnalyticsDb>().Set<Workspace>().SingleAsync(w => w.Key == key);
        var some = await ShareLookup.OfIdsAsync(connection, stored, ["share-1", "share-2", "share-3"], default);
        var people = await PeopleLookup.OfExternalIdsAsync(connection, key, ["person-1", "person-2"], default);
        foreach (var scope in new[] { ActivityScope.Everything, new(some, null), new(null, people), new(some, people) })
        {
            var series = await ReadAsync(workspace, 20, scope);
            foreach (var bucket in series.Buckets.Prepend(new(series.Before, series.Users)))
                text.AppendLine(CultureInfo.InvariantCulture, $"{bucket.Users} {bucket.Sums.Cost} {string.Join(' ', Enumerable.Range(0, SalesFacts.Count).Select(m => bucket.Sums[(SalesSum)m]))}");
        }

        return text.ToString();
    }

    async Task<int[]> PeopleAsync(WorkspaceClient workspace, string externalId)
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        return await PeopleLookup.OfExternalIdsAsync(connection, await RandomLife.KeyOfAsync(workspace), [externalId], default);
    }

    async Task<ActivitySeries> ReadAsync(WorkspaceClient workspace, int days, ActivityScope scope)
    {
        var key = await RandomLife.KeyOfAsync(workspace);
        await using var snapshot = await RollupSnapshot.OpenAsync(api.Store, key, ActivityReader.Rollups, default);
        var range = new TimeRange(Start, Start.AddDays(days), Zones.Utc);
        return await new ActivityReader(snapshot, key).ReadAsync(Buckets.Of(range, Interval.Day), TimeProvider.System.GetUtcNow(), scope, default);
    }

    static JsonObject Event(string name, int hour, JsonObject metadata, string? customer = null) =>
        Some.Event(name, Start.AddHours(hour), customer: customer ?? (name == "task.done" ? "nina" : null), metadata: metadata);

    static string Time(int hour) => Start.AddHours(hour).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
