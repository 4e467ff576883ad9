using Analytics.Storage;

namespace Analytics.Feed;

/// <summary>
/// Keeps streams going: signs of life, and a look for commits nobody told us of (Redis was away, or another node without it
/// wrote them).
/// </summary>
public sealed class FeedUpkeep(EventFeed feed, FeedStore store, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan PingPause = TimeSpan.FromSeconds(15);

    const string SequencesSql = """
        select workspace_id, seq
        from workspace_seq
        where workspace_id = any($1)
        """;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(PingAsync(stoppingToken), LookAsync(stoppingToken));

    async Task PingAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(PingPause, clock);
        while (await timer.WaitForNextTickAsync(cancel))
            feed.PingAll();
    }

    async Task LookAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookPause, clock);
        while (await timer.WaitForNextTickAsync(cancel))
            if (feed.LiveWorkspaces is { Length: > 0 } live)
                try
                {
                    await LookAsync(live, cancel);
                }
                catch (Exception) when (!cancel.IsCancellationRequested)
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
