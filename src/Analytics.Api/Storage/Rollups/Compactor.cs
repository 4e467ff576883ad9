using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>Runs <see cref="Compaction"/> for the workspaces this node writes to: soon when much has come, else when it has rested.</summary>
public sealed partial class Compactor(NpgsqlDataSource database, TimeProvider clock, ILogger<Compactor> log) : BackgroundService
{
    const int ManyDeltas = 64;
    const int ManyBytes = 768 * 1024;
    const int TooManyBytes = 24 * 1024 * 1024;

    // Many small commits are a trickle: what a former flood left can be merged as when nothing comes at all.
    const int FewBytes = ManyBytes / 8;
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

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
    readonly Channel<int> queue = Channel.CreateUnbounded<int>();

    /// <summary>A commit left a delta behind.</summary>
    public void Added(int workspace, int bytes)
    {
        var backlog = backlogs.GetOrAdd(workspace, _ => new Backlog());
        lock (backlog)
        {
            backlog.Deltas++;
            backlog.Bytes += bytes;
            backlog.LastDelta = clock.GetUtcNow();
            if (backlog.Deltas >= ManyDeltas || backlog.Bytes >= ManyBytes)
                Enqueue(workspace, backlog);
        }
    }

    /// <summary>True while more waits than readers should have to merge: writers hold back then.</summary>
    public bool IsBehind(int workspace) => backlogs.TryGetValue(workspace, out var backlog) && backlog.Bytes > TooManyBytes;

    void Enqueue(int workspace, Backlog backlog)
    {
        if (!backlog.IsQueued)
            backlog.IsQueued = queue.Writer.TryWrite(workspace);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(CompactAsync(stoppingToken), SweepAsync(stoppingToken));

    async Task CompactAsync(CancellationToken cancel)
    {
        await foreach (var workspace in queue.Reader.ReadAllAsync(cancel))
        {
            var backlog = backlogs.GetOrAdd(workspace, _ => new Backlog());
            long bytes;
            bool isTrickle;
            lock (backlog)
            {
                (bytes, isTrickle) = (backlog.Bytes, backlog.Bytes < FewBytes);
                (backlog.Deltas, backlog.Bytes, backlog.IsQueued) = (0, 0, false);
                backlog.IsUnrested = !IsAtRest(backlog, isTrickle);
            }

            try
            {
                var outcome = await new Compaction(database, workspace) { IsAtRest = () => IsAtRest(backlog, isTrickle) }.RunAsync(cancel);
                lock (backlog)
                {
                    backlog.Deltas += outcome == Compaction.Outcome.Done ? 0 : 1;
                    if (outcome == Compaction.Outcome.MoreWaits)
                        Enqueue(workspace, backlog);
                }
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                Failed(workspace, failure);
                // There is still as much as there was; the sweep finds it.
                lock (backlog)
                    (backlog.Deltas, backlog.Bytes) = (backlog.Deltas + 1, backlog.Bytes + bytes);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            }
        }
    }

    // Asked again before each merge, which must not be in the way of a flood that has just begun.
    bool IsAtRest(Backlog backlog, bool isTrickle)
    {
        lock (backlog)
            return backlog.LastDelta < clock.GetUtcNow() - Rest || (isTrickle && backlog.Bytes < FewBytes);
    }

    /// <summary>Workspaces that have come to rest, and at first those another run of the service left with deltas.</summary>
    async Task SweepAsync(CancellationToken cancel)
    {
        var found = false;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            found = found || await FindAsync(cancel);
            var rested = clock.GetUtcNow() - Rest;
            foreach (var (workspace, backlog) in backlogs)
                lock (backlog)
                    if ((backlog.Deltas > 0 || backlog.IsUnrested) && backlog.LastDelta < rested)
                        Enqueue(workspace, backlog);
        }
    }

    async Task<bool> FindAsync(CancellationToken cancel)
    {
        try
        {
            await Rebuild.ClearLeftBarriersAsync(database, cancel);
            await using var find = database.CreateCommand("select workspace_id, count(*)::int from rollup_deltas group by workspace_id");
            await using var reader = await find.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                Interlocked.Add(ref backlogs.GetOrAdd(reader.GetInt32(0), _ => new Backlog()).Deltas, reader.GetInt32(1));
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // the store is not there yet; the next tick tries again
        }
    }

    [LoggerMessage(LogLevel.Warning, "Folding the rollups of workspace {Workspace} failed; it will be tried again")]
    partial void Failed(int workspace, Exception failure);
}
