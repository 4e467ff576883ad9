using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Has a backfill give way to writers: it rests the more, the more is committed meanwhile, at most twice as long as it worked. Nobody
/// waits for a backfill, for questions are answered before it is done.
/// </summary>
sealed class BackfillPace(NpgsqlDataSource store, TimeProvider clock)
{
    // With so many groups of writes in a second, half of what a busy node commits, it rests as long as it worked.
    const double Busy = 3;
    const double MostRest = 2;

    // All workspaces' writers have the same processors.
    const string CommitsSql = "select coalesce(sum(commits), 0)::bigint from workspace_seq";

    static readonly TimeSpan Work = TimeSpan.FromMilliseconds(200);

    long worksSince = clock.GetTimestamp();
    (long Commits, long At)? looked;

    /// <summary>Rests when it worked long enough.</summary>
    public async Task RestAsync(CancellationToken cancel)
    {
        var now = clock.GetTimestamp();
        var worked = clock.GetElapsedTime(worksSince, now);
        if (worked < Work)
            return;
        var commits = await store.ScalarAsync<long>(CommitsSql, [], cancel);
        if (looked is { } before && commits > before.Commits)
        {
            var perSecond = (commits - before.Commits) / clock.GetElapsedTime(before.At, now).TotalSeconds;
            await Task.Delay(worked * Math.Min(MostRest, perSecond / Busy), clock, cancel);
        }

        (looked, worksSince) = ((commits, now), clock.GetTimestamp());
    }
}
