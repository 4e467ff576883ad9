using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>The one way facts get into the store: group commit of keys, rows and rollups.</summary>
sealed class FactWriter : IHostedService, IDisposable
{
    const long MaxQueuedBytes = 64 * 1024 * 1024;

    // Two for what is quick: one claims keys while the other commits. Three workspaces may be slow at once.
    static readonly WriteLane[] Lanes = [WriteLane.Usual, WriteLane.Helping, WriteLane.Slow, WriteLane.Slow, WriteLane.Slow];

    readonly WriteQueue queue;
    readonly WriteLoop[] loops;
    readonly Lazy<NpgsqlDataSource> quick;
    readonly Lazy<NpgsqlDataSource> slow;
    Task running = Task.CompletedTask;

    public FactWriter(
        StoreAddress address, CitusTables citus, Func<IReadOnlyList<KindWriter>> kinds, CommitFollowers followers, TimeProvider clock,
        ILogger<FactWriter> log)
    {
        queue = new WriteQueue(MaxQueuedBytes, followers.IsBehind, clock);
        // Nothing is written before the store is ready, and then it is known whether it is a cluster.
        quick = new(() => address.NewPool("writer", bounds => Bound(bounds, citus.IsOn, lockMs: 200, statementSeconds: 5)));
        slow = new(() => address.NewPool("slow-writer", bounds => Bound(bounds, citus.IsOn, lockMs: 3_000, statementSeconds: 30)));
        loops = [.. Lanes.Select(lane => new WriteLoop(
            queue, lane, lane == WriteLane.Slow ? slow : quick, citus, kinds(), followers, clock, log))];
    }

    /// <summary>
    /// Stores the facts, each once, and answers after the commit. Without <paramref name="partial"/> any refusal means
    /// that nothing was stored. Throws <see cref="OverloadedException"/> when the queue is full.
    /// </summary>
    public Task<WriteResult> WriteAsync(
        Workspace workspace, IReadOnlyList<IncomingFact> facts, bool partial, CancellationToken cancel)
    {
        if (facts.Count == 0)
            return Task.FromResult(new WriteResult(0, 0, []));
        var request = new WriteRequest(workspace, facts, partial, cancel);
        return queue.TryAdd(request) ? request.Answer : throw new OverloadedException(1);
    }

    /// <summary>Bytes of facts that wait or are being written.</summary>
    public long Queued => queue.Held;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(loops.Select(loop => Task.Run(loop.RunAsync)));
        return Task.CompletedTask;
    }

    /// <summary>Writes what is queued before the service ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        return running.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach (var pool in new[] { quick, slow })
            if (pool.IsValueCreated)
                pool.Value.Dispose();
    }

    // Bounds of its own: a write that takes long is given up and tried again in the slow lane, a reader's limits do not apply to it. Its
    // statements are prepared once and look rows up by key: a plan made while a table was empty must not scan it later. In a cluster the
    // workspace decides where a statement goes: a plan for any workspace is none.
    static void Bound(NpgsqlConnectionStringBuilder bounds, bool isCluster, int lockMs, int statementSeconds)
    {
        bounds.Options = $"-c lock_timeout={lockMs}ms -c statement_timeout={statementSeconds}s "
            + "-c idle_in_transaction_session_timeout=60s -c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
            + (isCluster ? "" : " -c plan_cache_mode=force_generic_plan");
        bounds.MaxPoolSize = Lanes.Length;
        bounds.CommandTimeout = statementSeconds + 10;
        bounds.MaxAutoPrepare = 64;
        bounds.AutoPrepareMinUsages = 2;
        bounds.NoResetOnClose = true;
    }
}
