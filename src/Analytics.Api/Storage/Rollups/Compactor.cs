using System.Collections.Concurrent;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Runs <see cref="Compaction"/> for the workspaces this node writes to: soon when much has come, else when it has rested. So it
/// does for those that another node, or another run of the service, left behind.
/// </summary>
sealed class Compactor(NpgsqlDataSource database, StoreReadiness readiness, TimeProvider clock, ILogger<Compactor> log)
    : RepeatedJob(readiness, clock, log)
{
    const int ManyDeltas = 64;
    const int ManyBytes = 768 * 1024;
    const int TooManyBytes = 24 * 1024 * 1024;

    // Many small commits are a trickle: what a former flood left can be merged as when nothing comes at all.
    const int MinBytes = ManyBytes / 8;
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);
    static readonly TimeSpan LookPause = TimeSpan.FromSeconds(30);

    sealed class Backlog
    {
        public int Deltas;
        public long Bytes;
        public bool IsQueued;

        /// <summary>Something was folded in a hurry since it last rested.</summary>
        public bool IsUnrested;
        public DateTimeOffset LastDelta;
    }

    readonly ConcurrentDictionary<int, Backlog> backlogs = new();
    readonly ConcurrentQueue<int> queue = [];
    readonly FailureLog failures = new(log);
    readonly LeftBehind left = new(database);
    DateTimeOffset lookedAt = DateTimeOffset.MinValue;

    protected override string Work => "Finding rollups to fold";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    /// <summary>A commit left a delta behind.</summary>
    public void Added(int workspace, int bytes)
    {
        var backlog = backlogs.GetOrAdd(workspace, _ => new Backlog());
        lock (backlog)
        {
            backlog.Deltas++;
            backlog.Bytes += bytes;
            backlog.LastDelta = Clock.GetUtcNow();
            if (backlog.Deltas >= ManyDeltas || backlog.Bytes >= ManyBytes)
                Enqueue(workspace, backlog);
        }
    }

    /// <summary>True while more waits than readers should have to merge: writers hold back then.</summary>
    public bool IsBehind(int workspace) => backlogs.TryGetValue(workspace, out var backlog) && backlog.Bytes > TooManyBytes;

    void Enqueue(int workspace, Backlog backlog)
    {
        if (backlog.IsQueued)
            return;
        backlog.IsQueued = true;
        queue.Enqueue(workspace);
        Wake();
    }

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        FindRested();
        // Those that come meanwhile have their turn in the next round: a workspace that never rests must not keep off the rested.
        for (var turns = queue.Count; turns > 0 && queue.TryDequeue(out var workspace); turns--)
            await CompactAsync(workspace, backlogs[workspace], cancel);
        await FindLeftAsync(cancel);
    }

    async Task CompactAsync(int workspace, Backlog backlog, CancellationToken cancel)
    {
        long bytes;
        bool isTrickle;
        lock (backlog)
        {
            (bytes, isTrickle) = (backlog.Bytes, backlog.Bytes < MinBytes);
            (backlog.Deltas, backlog.Bytes, backlog.IsQueued) = (0, 0, false);
            backlog.IsUnrested = !IsAtRest(backlog, isTrickle);
        }

        try
        {
            var outcome = await new Compaction(database, workspace) { IsAtRest = () => IsAtRest(backlog, isTrickle) }.RunAsync(cancel);
            failures.Worked();
            lock (backlog)
            {
                backlog.Deltas += outcome == Compaction.Outcome.Done ? 0 : 1;
                if (outcome == Compaction.Outcome.MoreWaits)
                    Enqueue(workspace, backlog);
            }
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            failures.Failed(failure, $"Folding the rollups of workspace {workspace}", "it is tried again in some seconds");
            // There is still as much as there was; it is found when it has rested.
            lock (backlog)
                (backlog.Deltas, backlog.Bytes) = (backlog.Deltas + 1, backlog.Bytes + bytes);
            await Task.Delay(Pause, Clock, cancel);
        }
    }

    // Asked again before each merge, which must not be in the way of a flood that has just begun.
    bool IsAtRest(Backlog backlog, bool isTrickle)
    {
        lock (backlog)
            return backlog.LastDelta < Clock.GetUtcNow() - Rest || (isTrickle && backlog.Bytes < MinBytes);
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
        var rested = Clock.GetUtcNow() - Rest;
        foreach (var (workspace, backlog) in backlogs)
            lock (backlog)
                if ((backlog.Deltas > 0 || backlog.IsUnrested) && backlog.LastDelta < rested)
                    Enqueue(workspace, backlog);
    }
}
