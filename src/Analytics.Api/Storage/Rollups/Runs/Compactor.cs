using System.Collections.Concurrent;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// Runs <see cref="Compaction"/> for the workspaces this node writes to: soon when much has come, else when it has rested. So it
/// does for those that another node, or another run of the service, left behind.
/// </summary>
sealed class Compactor(
    NpgsqlDataSource store, Catalogue catalogue, StoreReadiness readiness, TimeProvider clock, ILogger<Compactor> log)
    : RepeatedJob(readiness, clock, log)
{
    const int ManyDeltas = 64;
    const int ManyBytes = 768 * 1024;

    /// <summary>How much may wait to be flushed in a workspace, whichever nodes wrote it: readers merge all of it.</summary>
    public const long MaxWaitingBytes = 24 * 1024 * 1024;

    // Less than this in a time of rest is a trickle: what a former flood left can be merged as when nothing comes at all.
    const int FewBytes = ManyBytes / 8;
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    // Readers merge what waits: what is more than a trickle does not wait for rest.
    static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan LookPause = TimeSpan.FromSeconds(30);

    // Half a second becomes half a minute.
    const int MostDoublings = 6;

    // So much deleted is worth a vacuum. Postgres looks once a minute, when a flood has filled the disk with what nobody reads.
    const long ManyDeleted = 16 << 20;

    const string WaitingSql = """
        select workspace_id, sum(octet_length(data))::bigint
        from rollup_deltas
        where workspace_id = any($1)
        group by workspace_id
        """;

    sealed class Backlog
    {
        public int Deltas;

        /// <summary>What waits: what the store said last, and what this node has added and flushed since.</summary>
        public long Bytes;
        public bool IsQueued;

        /// <summary>Something was flushed in a hurry since it last rested.</summary>
        public bool IsUnrested;

        /// <summary>When the oldest delta of this node's that waits came, and the last one.</summary>
        public DateTimeOffset FirstDelta = DateTimeOffset.MaxValue;
        public DateTimeOffset LastDelta;

        /// <summary>When more than a trickle had come for the last time, and how much has since.</summary>
        public DateTimeOffset LastMany;
        public long SinceMany;

        /// <summary>How often it failed one time after the other, and when it may be tried again.</summary>
        public int Failures;
        public DateTimeOffset RetryAt;
    }

    readonly ConcurrentDictionary<int, Backlog> backlogs = new();
    readonly ConcurrentQueue<int> queue = [];
    readonly FailureLog failures = new(log);
    readonly LeftBehind left = new(store, catalogue);
    DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    long deleted;

    protected override string Work => "Finding deltas to flush";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(0.5);

    /// <summary>A commit left deltas behind.</summary>
    public void Added(int workspace, int bytes)
    {
        var backlog = backlogs.GetOrAdd(workspace, _ => new Backlog());
        lock (backlog)
        {
            backlog.Deltas++;
            backlog.Bytes += bytes;
            backlog.LastDelta = Clock.GetUtcNow();
            if (backlog.FirstDelta > backlog.LastDelta)
                backlog.FirstDelta = backlog.LastDelta;
            if ((backlog.SinceMany += bytes) >= FewBytes)
                (backlog.SinceMany, backlog.LastMany) = (0, backlog.LastDelta);
            if (backlog.Deltas >= ManyDeltas || backlog.Bytes >= ManyBytes)
                Enqueue(workspace, backlog);
        }
    }

    /// <summary>True while more waits than readers should have to merge: writers hold back then.</summary>
    public bool IsBehind(int workspace) => backlogs.TryGetValue(workspace, out var backlog) && backlog.Bytes > MaxWaitingBytes;

    void Enqueue(int workspace, Backlog backlog)
    {
        if (backlog.IsQueued || Clock.GetUtcNow() < backlog.RetryAt)
            return;
        backlog.IsQueued = true;
        queue.Enqueue(workspace);
        Wake();
    }

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        await MeasureAsync(cancel);
        FindRested();
        // Those that come meanwhile have their turn in the next round: a workspace that never rests must not keep off the rested.
        for (var turns = queue.Count; turns > 0 && queue.TryDequeue(out var workspace); turns--)
            await CompactAsync(workspace, backlogs[workspace], cancel);
        await FindLeftAsync(cancel);
    }

    /// <summary>Asks the store how much waits: other nodes write to the same workspaces, and flush them.</summary>
    async Task MeasureAsync(CancellationToken cancel)
    {
        var before = backlogs.Where(each => each.Value.Bytes >= ManyBytes).ToDictionary(each => each.Key, each => each.Value.Bytes);
        if (before.Count == 0)
            return;
        var sums = await store.QueryAsync(WaitingSql, [before.Keys.ToArray()], row => (row.GetInt32(0), row.GetInt64(1)), cancel);
        var waiting = sums.ToDictionary();
        foreach (var (workspace, bytes) in before)
            lock (backlogs[workspace])
                backlogs[workspace].Bytes = Math.Max(0, waiting.GetValueOrDefault(workspace) + backlogs[workspace].Bytes - bytes);
    }

    async Task CompactAsync(int workspace, Backlog backlog, CancellationToken cancel)
    {
        lock (backlog)
        {
            (backlog.Deltas, backlog.IsQueued, backlog.FirstDelta) = (0, false, DateTimeOffset.MaxValue);
            backlog.IsUnrested = !IsAtRest(backlog);
        }

        try
        {
            var compaction = new Compaction(store, workspace, catalogue)
            {
                IsAtRest = () => IsAtRest(backlog), Flushed = bytes => Flushed(backlog, bytes), Deleted = VacuumAsync,
            };
            var outcome = await compaction.RunAsync(cancel);
            failures.Worked();
            lock (backlog)
            {
                backlog.Failures = 0;
                backlog.Deltas += outcome == Compaction.Outcome.Done ? 0 : 1;
                if (outcome == Compaction.Outcome.MoreWaits)
                    Enqueue(workspace, backlog);
            }
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            failures.Failed(failure, $"Flushing the deltas of workspace {workspace}", "it is tried again within a minute");
            // There is still as much as there was; it is found when its time has come: at once, and rarely what fails again and again.
            lock (backlog)
            {
                backlog.Deltas++;
                backlog.RetryAt = Clock.GetUtcNow() + (Pause * (1 << backlog.Failures));
                backlog.Failures = Math.Min(backlog.Failures + 1, MostDoublings);
            }

            await Task.Delay(Pause, Clock, cancel);
        }
    }

    /// <summary>Gives the room of what was deleted to what comes next, so that the tables stay as large as what is in them.</summary>
    async Task VacuumAsync(long bytes, CancellationToken cancel)
    {
        if ((deleted += bytes) < ManyDeleted)
            return;
        deleted = 0;
        await using var connection = await store.OpenConnectionAsync(cancel);
        await connection.ExecuteForAsLongAsItTakesAsync("vacuum (skip_locked) rollup_pages, rollup_deltas", [], cancel);
    }

    static void Flushed(Backlog backlog, long bytes)
    {
        lock (backlog)
            backlog.Bytes = Math.Max(0, backlog.Bytes - bytes);
    }

    // Asked again before each merge, which must not be in the way of a flood that has just begun.
    bool IsAtRest(Backlog backlog)
    {
        lock (backlog)
            return backlog.LastMany < Clock.GetUtcNow() - Rest;
    }

    /// <summary>Every now and then: a node that is scaled away finds nobody who starts in its place.</summary>
    async Task FindLeftAsync(CancellationToken cancel)
    {
        if (Clock.GetUtcNow() - lookedAt < LookPause)
            return;
        foreach (var (workspace, deltas) in await left.LookAsync(cancel))
        {
            var backlog = backlogs.GetOrAdd(workspace, _ => new Backlog());
            lock (backlog)
                backlog.Deltas = Math.Max(backlog.Deltas, deltas);
        }

        lookedAt = Clock.GetUtcNow();
    }

    void FindRested()
    {
        var (rested, waited) = (Clock.GetUtcNow() - Rest, Clock.GetUtcNow() - MaxWait);
        foreach (var (workspace, backlog) in backlogs)
            lock (backlog)
                if ((backlog.Deltas > 0 && backlog.LastDelta < rested) || (backlog.IsUnrested && backlog.LastMany < rested)
                    || (backlog.Bytes >= FewBytes && backlog.FirstDelta < waited))
                    Enqueue(workspace, backlog);
    }
}
