using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;
using Npgsql;

namespace Analytics.Tests.Feed;

[Collection<Timed>]
public sealed class CommitRetentionTests(TimedApi timed)
{
    [Fact]
    public async Task Commits_that_no_cursor_can_ask_for_are_let_go_and_the_others_stay()
    {
        var (old, young) = (await timed.Api.NewWorkspaceAsync(), await timed.Api.NewWorkspaceAsync());
        await old.IngestAsync(Some.Event());
        timed.Clock.Advance(TimeSpan.FromHours(1));
        await young.IngestAsync(Some.Event());

        timed.Clock.Advance(TimeSpan.FromHours(24));

        await Until.HoldsAsync(async () => await CountAsync(old) == 0, "Old commits are still there.");
        Assert.Equal(1, await CountAsync(young));
    }

    [Fact]
    public async Task What_only_the_log_had_goes_when_the_log_is_far_ahead_and_events_stay()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event());
        await workspace.TellAsync(1);
        await workspace.IngestAsync(Some.Event());
        var key = await RandomLife.KeyOfAsync(workspace);
        await timed.Api.Store.ExecuteAsync("update workspace_seq set log_seq = log_seq + 200000 where workspace_id = $1", [key], default);
        await workspace.TellAsync(2);

        // It looks every ten seconds, at what it was told of by then.
        await Until.HoldsAsync(
            async () =>
            {
                timed.Clock.Advance(TimeSpan.FromSeconds(10));
                return await CountAsync(workspace) == 3;
            },
            "The record that nobody can ask for is still there.");
        Assert.Equal(2, await timed.Api.Store.ScalarAsync<long>(
            "select count(*) from commits where workspace_id = $1 and kind = 0", [key], default));
    }

    async Task<long> CountAsync(WorkspaceClient workspace)
    {
        await using var command = timed.Api.Store.CreateCommand("select count(*) from commits join workspaces using (workspace_id) where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
