using System.Text.Json.Nodes;
using Analytics.Features.Metrics;
using Analytics.Storage;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Schema;
using Analytics.Tests.Oracle;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Metrics;

/// <summary>What a question reads is bounded by buckets, people and shares, whatever the number of events.</summary>
public sealed class MetricsPlanTests(QuietStore quiet) : IClassFixture<QuietStore>
{
    const int Neighbour = 1_000_000;
    const int Batches = 4;
    const int People = 20;
    const int Shares = 25;
    const int Quarters = 30;

    readonly AnalyticsApi api = quiet.Api;

    [Fact]
    public async Task Twenty_times_the_events_are_answered_from_the_same_rows()
    {
        var (few, many) = (await LifeAsync(2_000), await LifeAsync(40_000));
        await quiet.FillAsync(Neighbour);

        foreach (var question in Questions())
        {
            var (less, more) = (await ReadAsync(few, question), await ReadAsync(many, question));

            Assert.Equal(less.ByTable(), more.ByTable());
            Assert.InRange(more.ByTable()["rollup_pages"], 1, 60);
            Assert.InRange(more.ByTable()["people"] + more.ByTable()["shares"], 0, People + Shares);
            Assert.DoesNotContain(more.Ways(), way => way.Contains(" events", StringComparison.Ordinal) || way == "Seq Scan rollup_pages");
        }
    }

    [Fact]
    public async Task Asking_whether_anything_changed_reads_one_share_however_many_there_are()
    {
        var workspace = await WorkspaceAsync(await api.NewWorkspaceAsync());
        await quiet.FillAsync(workspace.Key);

        await using var rows = new ReadRows(api.ConnectionString);
        await using var connection = await rows.Store.OpenConnectionAsync();
        var version = await MetricsVersion.ReadAsync(connection, workspace.Key, TimeProvider.System.GetUtcNow(), default);

        Assert.NotNull(version.LastExpiry);
        Assert.Equal(["shares", "workspace_seq"], rows.ByTable().Keys);
        Assert.Equal(1, rows.ByTable()["shares"]);
    }

    static IEnumerable<MetricsRequest> Questions()
    {
        var month = new MetricsRequest { StartDate = "2026-03-01", EndDate = "2026-03-30", Interval = "hour", Compare = "previous_period" };
        var year = new MetricsRequest { StartDate = "2025-06-01", EndDate = "2026-05-31", Interval = "day" };
        foreach (var range in new[] { month, year, month with { Timezone = "Asia/Kathmandu" } })
        {
            yield return range;
            yield return range with { ExternalCustomerId = ["person-3"] };
            yield return range with { ShareId = ["share-4"] };
            yield return range with { ShareId = ["share-4", "share-5"], ExternalCustomerId = ["person-3"] };
        }
    }

    async Task<ReadRows> ReadAsync(WorkspaceClient client, MetricsRequest request)
    {
        var workspace = await WorkspaceAsync(client);
        await using var rows = new ReadRows(api.ConnectionString);
        await using var snapshot = await RollupSnapshot.OpenAsync(rows.Store, workspace.Key, ActivityReader.Rollups, default);
        var question = MetricsQuestion.Of(request, workspace, TimeProvider.System.GetUtcNow());
        var answer = await MetricsQuery.AnswerAsync(snapshot, workspace, null, question, default);
        Assert.NotEqual(0, answer.Totals["active_users"].Units);
        return rows;
    }

    /// <summary>The same people and shares at the same times, with so many events; flushed.</summary>
    async Task<WorkspaceClient> LifeAsync(int events)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, Shares).Select(n => Some.Event(
            "file_share.created", Some.Day.AddDays(-1).AddMinutes(n), customer: $"person-{n % People}",
            metadata: new() { ["share_id"] = $"share-{n}", ["price_cents"] = 100, ["file_size_bytes"] = 5 })));
        foreach (var batch in Enumerable.Range(0, events).Chunk(events / Batches))
            await workspace.IngestAsync(batch.Select(Event));
        var upkeep = await Upkeep.OfAsync(workspace);
        await upkeep.CompactAsync();
        await new Compaction(api.Store, upkeep.Workspace, Catalogue.Default) { IsAtRest = () => true }.RunAsync(default);
        return workspace;
    }

    static JsonObject Event(int n) => Some.Event(
        n % 3 == 0 ? "file_share.downloaded" : "task.done", Some.Day.AddMinutes(15 * (n % Quarters)), customer: $"person-{n % 7 % People}",
        cost: 0.25m, metadata: new() { ["share_id"] = $"share-{n % Shares}" });

    async Task<Workspace> WorkspaceAsync(WorkspaceClient client)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AnalyticsDb>();
        return await db.Set<Workspace>().SingleAsync(workspace => workspace.Id == client.Id);
    }
}
