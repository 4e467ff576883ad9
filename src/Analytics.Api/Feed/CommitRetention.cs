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
    const int KeptEvents = ResumePoint.MaxEvents + 10_000;

    const string OldSql = """
        delete from commits
        where (workspace_id, last_seq) in (
            select workspace_id, last_seq
            from commits
            where committed_at < $1
            order by committed_at
            limit $2)
        """;

    const string ManySql = """
        delete from commits
        where workspace_id = $1
          and last_seq in (
              select last_seq
              from commits
              where workspace_id = $1
                and last_seq <= $2
              order by last_seq
              limit $3)
        """;

    readonly NpgsqlDataSource store;
    readonly ConcurrentDictionary<int, long> busy = [];

    public CommitRetention(
        NpgsqlDataSource store, CommitNotices notices, TimeProvider clock, StoreReadiness readiness, ILogger<CommitRetention> log)
        : base(readiness, clock, log)
    {
        this.store = store;
        notices.Committed += (workspace, sequence) =>
        {
            if (sequence > KeptEvents)
                busy[workspace] = sequence;
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

        foreach (var (workspace, sequence) in busy)
        {
            busy.TryRemove(workspace, out _);
            while (await store.ExecuteAsync(ManySql, [workspace, sequence - KeptEvents, RowsAtOnce], cancel) == RowsAtOnce)
            {
                // The same.
            }
        }
    }
}
