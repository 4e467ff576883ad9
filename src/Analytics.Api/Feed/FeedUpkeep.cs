using Analytics.Storage;

namespace Analytics.Feed;

/// <summary>Looks for commits that nobody told this node of: Redis was away, or another node without it wrote them.</summary>
public sealed class FeedUpkeep(EventFeed feed, FeedStore store, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(500);

    const string SequencesSql = """
        select workspace_id, seq
        from workspace_seq
        where workspace_id = any($1)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookPause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (feed.LiveWorkspaces is { Length: > 0 } live)
                try
                {
                    await LookAsync(live, stoppingToken);
                }
                catch (Exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // The store is away; there is nothing to see in it then, and half a second later another look.
                }
    }

    async Task LookAsync(int[] live, CancellationToken cancel)
    {
        var parameters = new SqlParameters();
        parameters.Add(live);
        await using var connection = await store.Source.OpenConnectionAsync(cancel);
        await using var command = parameters.Command(SequencesSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            feed.Wake(reader.GetInt32(0), reader.GetInt64(1));
    }
}
