using System.Collections.Concurrent;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Feed;

/// <summary>Lets go of commits that no cursor can ask for any more, in short batches.</summary>
sealed class CommitRetention : RepeatedJob
{
    const int RowsAtOnce = 1_000;

    // Longer than a cursor lives: whoever was let in with one must find what comes next.
    static readonly TimeSpan Kept = ResumePoint.Longest + TimeSpan.FromMinutes(15);
    const int KeptFacts = ResumePoint.MaxBehind + 10_000;

    const string OldSql = """
        delete from commits
        where (workspace_id, last_log) in (
            select workspace_id, last_log
            from commits
            where committed_at < $1
            order by committed_at
            limit $2)
        """;

    // Events that are far behind in the log may be what streams of events missed last.
    const string ManySql = """
        delete from commits
        where workspace_id = $1
          and last_log in (
              select last_log
              from commits
              where workspace_id = $1
                and last_log <= $3
                and (last_seq is null or last_seq <= $2)
              order by last_log
              limit $4)
        """;

    readonly NpgsqlDataSource store;
    readonly ConcurrentDictionary<int, StreamPositions> busy = [];

    public CommitRetention(
        NpgsqlDataSource store, CommitNotices notices, TimeProvider clock, StoreReadiness readiness, ILogger<CommitRetention> log)
        : base(readiness, clock, log)
    {
        this.store = store;
        notices.Committed += (workspace, reached) =>
        {
            if (reached.Log > KeptFacts)
                busy[workspace] = reached;
        };
    }

    protected override string Work => "Letting go of old commits";

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var since = (Clock.GetUtcNow() - Kept).UtcDateTime;
        while (await store.ExecuteAsync(OldSql, [since, RowsAtOnce], cancel) == RowsAtOnce)
        {
            // Short transactions, so that writers hardly notice.
        }

        foreach (var (workspace, reached) in busy)
        {
            busy.TryRemove(workspace, out _);
            SqlValue[] Values() => [workspace, reached.Events - KeptFacts, reached.Log - KeptFacts, RowsAtOnce];
            while (await store.ExecuteAsync(ManySql, Values(), cancel) == RowsAtOnce)
            {
                // The same.
            }
        }
    }
}
