using System.Diagnostics;
using Npgsql;

namespace Analytics.Tests.Feed;

public sealed class CommitsLetGoTests(AnalyticsApi api)
{
    [Fact]
    public async Task Commits_that_no_cursor_can_ask_for_are_let_go_and_the_others_stay()
    {
        var (old, young) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await old.IngestAsync(Some.Event());
        await young.IngestAsync(Some.Event());
        await ReadAsync("update commits set committed_at = now() - interval '25 hours' where workspace_id = $1 returning 1::bigint", old);

        for (var clock = Stopwatch.StartNew(); await CountAsync(old) > 0; await Task.Delay(200))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "Old commits are still there.");

        Assert.Equal(1, await CountAsync(young));
    }

    Task<long> CountAsync(WorkspaceClient workspace) => ReadAsync("select count(*) from commits where workspace_id = $1", workspace);

    async Task<long> ReadAsync(string sql, WorkspaceClient workspace)
    {
        await using var command = api.Store.CreateCommand(
            sql.Replace("$1", "(select workspace_id from workspaces where id = $1)", StringComparison.Ordinal));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
