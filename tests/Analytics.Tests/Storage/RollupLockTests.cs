using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Rebuilding;
using Analytics.Tests.Commands;
using Npgsql;
using Upkeep = Analytics.Tests.Oracle.Upkeep;

namespace Analytics.Tests.Storage;

/// <summary>
/// Rebuilds, writers and changes of the zone meet at the workspace's lock, in whatever order they come to it. While the clock stands the
/// service flushes nothing by itself.
/// </summary>
[Collection<Timed>]
public sealed class RollupLockTests(TimedApi timed)
{
    readonly AnalyticsApi api = timed.Api;

    [Fact]
    public async Task A_rebuild_lets_a_writer_finish_that_holds_the_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event());
        var key = await RandomLife.KeyOfAsync(workspace);
        await new StoredRollups(api.Store, key).RunAsync("insert into activity_doubts (workspace_id, person, quarter, commit) values ($1, 1, 918000, 1)");

        await using var writer = await api.Store.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        var recounted = new Recounted(() =>
        {
            using var take = new NpgsqlCommand($"select seq from workspace_seq where workspace_id = {key} for update", writer);
            take.ExecuteScalar();
        });
        var rebuild = new Rebuild(api.Store, key, Catalogue.Default).RunAsync(recounted, default);
        await WaitingForAsync(writer);
        await using var doubt = new NpgsqlCommand($"""
            insert into activity_doubts (workspace_id, person, quarter, commit)
            values ({key}, 1, 918000, 1000)
            on conflict (workspace_id, person, quarter) do update
            set commit = excluded.commit
            """, writer);
        await doubt.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        Assert.True(await rebuild);
        Assert.Equal(1, await new StoredRollups(api.Store, key).CountAsync("activity_doubts where workspace_id = $1 and commit = 1000"));
    }

    [Fact]
    public async Task A_rebuild_that_begins_while_the_zone_changes_is_not_left_with_days_of_two_zones()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event());
        var key = await RandomLife.KeyOfAsync(workspace);
        var rollups = new StoredRollups(api.Store, key);
        await rollups.FlushAsync();
        await rollups.RunAsync("update workspaces set timezone = 'Asia/Kathmandu' where workspace_id = $1");
        await rollups.RunAsync("update workspace_seq set barrier = null where workspace_id = $1");

        await using (var rebuild = await api.Store.OpenConnectionAsync())
        await using (var transaction = await rebuild.BeginTransactionAsync())
        {
            await using var take = new NpgsqlCommand($"select seq from workspace_seq where workspace_id = {key} for update", rebuild);
            await take.ExecuteScalarAsync();
            var compaction = (await Upkeep.OfAsync(workspace)).CompactAsync();
            await WaitingForAsync(rebuild);
            await using var mark = new NpgsqlCommand($"update workspace_seq set barrier = commits where workspace_id = {key}", rebuild);
            await mark.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            await compaction;
        }

        Assert.Equal(1, await rollups.CountAsync("workspace_seq where workspace_id = $1 and rollup_zone = 'UTC'"));
        await rollups.FlushAsync();
        Assert.Equal(1, await rollups.CountAsync("workspace_seq where workspace_id = $1 and rollup_zone = 'Asia/Kathmandu'"));
    }

    /// <summary>Returns when somebody waits for what a connection has locked.</summary>
    async Task WaitingForAsync(NpgsqlConnection holder)
    {
        await using var waiting = api.Store.CreateCommand("select exists (select from pg_locks where not granted and $1 = any(pg_blocking_pids(pid)))");
        waiting.Parameters.Add(new() { Value = holder.ProcessID });
        await Until.HoldsAsync(async () => await waiting.ExecuteScalarAsync() is true, "Nobody waits.");
    }

    sealed class Recounted(Action then) : IProgress<long>
    {
        public void Report(long value) => then();
    }
}
