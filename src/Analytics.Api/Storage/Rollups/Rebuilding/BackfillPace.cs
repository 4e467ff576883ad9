using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Has a backfill give way: it rests the more, the more is committed meanwhile, and at least as long as it worked while a question reads
/// raw events. Nobody waits for a backfill, for questions are answered before it is done.
/// </summary>
sealed class BackfillPace(NpgsqlDataSource store, TimeProvider clock)
{
    // With so many groups of writes in a second, a third of what a busy node commits, it rests as long as it worked.
    const double Busy = 2;
    const double MostRest = 4;
    const double RestOfReaders = 1;

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
        var perSecond = looked is { } before ? (commits - before.Commits) / clock.GetElapsedTime(before.At, now).TotalSeconds : 0;
        var rest = Math.Max(Math.Min(MostRest, perSecond / Busy), SecondReader.IsAnyOpen ? RestOfReaders : 0);
        if (rest > 0)
            await Task.Delay(worked * rest, clock, cancel);
        (looked, worksSince) = ((commits, now), clock.GetTimestamp());
    }
}
