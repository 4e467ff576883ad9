using Analytics.Storage;

namespace Analytics.Feed;

/// <summary>Looks for commits that nobody told this node of: Redis was away, or another node without it wrote them.</summary>
sealed class FeedHeartbeat(EventFeed feed, FeedStore store, StoreReadiness readiness, TimeProvider clock, ILogger<FeedHeartbeat> log)
    : RepeatedJob(readiness, clock, log)
{
    const string SequencesSql = """
        select workspace_id, seq, log_seq
        from workspace_seq
        where workspace_id = any($1)
        """;

    protected override string Work => "Looking for other nodes' commits";

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(500);

    protected override Task WorkAsync(CancellationToken cancel) =>
        feed.LiveWorkspaces is { Length: > 0 } live
        ? store.Source.EachAsync(SequencesSql, [live], row => feed.Wake(row.GetInt32(0), new(row.GetInt64(1), row.GetInt64(2))), cancel)
        : Task.CompletedTask;
}
