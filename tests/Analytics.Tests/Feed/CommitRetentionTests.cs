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

    async Task<long> CountAsync(WorkspaceClient workspace)
    {
        await using var command = timed.Api.Store.CreateCommand("select count(*) from commits join workspaces using (workspace_id) where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
