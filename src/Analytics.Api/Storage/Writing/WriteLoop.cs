using System.Data;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// Takes requests off the queue and commits them, group after group: while one group is being committed the next one gathers,
/// which is what makes single events cheap. Several loops share a queue: one claims keys while another commits, and what is slow is
/// left to those of the slow lane.
/// </summary>
sealed class WriteLoop
{
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);

    // A request that is slow is given up after so long.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    const int Attempts = 10;

    readonly WriteQueue queue;
    readonly WriteLane lane;
    readonly Lazy<NpgsqlDataSource> database;
    readonly CitusTables citus;
    readonly CommitFollowers followers;
    readonly TimeProvider clock;
    readonly ILogger log;
    readonly AsyncAutoResetEvent news = new();
    readonly Dictionary<int, WorkspaceNames> names = [];
    readonly WriteTransaction writing;

    public WriteLoop(
        WriteQueue queue, WriteLane lane, Lazy<NpgsqlDataSource> database, CitusTables citus, IReadOnlyList<KindWriter> kinds,
        CommitFollowers followers, TimeProvider clock, ILogger log)
    {
        (this.queue, this.lane, this.database, this.citus, this.followers, this.clock, this.log) =
            (queue, lane, database, citus, followers, clock, log);
        writing = new WriteTransaction(clock, new KeyClaims(citus), NamesOf, kinds);
        if (lane == WriteLane.Slow)
            queue.Slowed += news.Raise;
        else
            queue.Changed += news.Raise;
    }

    int MaxKnownNames => lane == WriteLane.Slow ? 20_000 : 400_000;

    public async Task RunAsync()
    {
        while (!queue.IsOver)
            try
            {
                await StepAsync();
            }
            catch (Exception failure)
            {
                // Without the loop nothing would be written any more.
                log.LogError(failure, "Taking requests off the write queue failed; it is tried again");
                await Task.Delay(Glance, CancellationToken.None);
            }
    }

    async Task StepAsync()
    {
        if (queue.Take(lane) is { Count: > 0 } group)
            foreach (var part in Parts(group))
                await AnswerAsync(part);
        else if (queue.IsEmptyFor(lane))
            await news.WaitAsync();
        else
            await Task.Delay(Glance, CancellationToken.None); // what waits is held back, or so little that no help is wanted
    }

    // Workspaces of a cluster lie on different machines, whose rows are not locked together: there each is committed for itself.
    IEnumerable<List<WriteRequest>> Parts(List<WriteRequest> group) => citus.IsOn
        ? group.GroupBy(request => request.Workspace.Key).Select(workspace => workspace.ToList())
        : [group];

    async Task AnswerAsync(List<WriteRequest> group)
    {
        try
        {
            await WriteAsync(group);
        }
        catch (Exception failure)
        {
            log.LogError(
                failure, "Writing {Requests} requests failed; who has no answer yet gets this one, the next are written", group.Count);
            foreach (var request in group)
                request.Fail(failure);
        }

        // What has no answer is slow. Others do not wait for it.
        var slow = group.FindAll(request => !request.Answer.IsCompleted);
        if (slow.Count > 0)
            queue.PutBack(slow);
        queue.Done(slow.Count == 0 ? group : group.FindAll(request => !slow.Contains(request)), lane);
    }

    async Task WriteAsync(List<WriteRequest> group)
    {
        var since = clock.GetTimestamp();
        if (group.Count == 1)
            await WriteAloneAsync(group[0], since);
        else if (await TryAsync(group) is { } failure && !IsLeftToTheSlowLane(failure))
            // Alone, none can fail its neighbours. A store that is gone is gone for all of them.
            foreach (var request in group)
                if (StoreAway.Is(failure))
                    request.Fail(failure);
                else
                    await WriteAloneAsync(request, since);
    }

    async Task WriteAloneAsync(WriteRequest request, long since)
    {
        for (var attempt = 1; await TryAsync([request]) is { } failure && !IsLeftToTheSlowLane(failure); attempt++)
            if (failure is RefusedException && request.Partial)
                request.ExcludeRefused();
            else if (request.IsAbandoned)
            {
                request.Abandon();
                return;
            }
            else if (failure is RefusedException)
            {
                request.Refuse();
                return;
            }
            else if (!IsPassing(failure) || attempt == Attempts || clock.GetElapsedTime(since) > Longest)
            {
                request.Fail(failure);
                return;
            }
            else
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), CancellationToken.None);
    }

    /// <summary>Commits the group and answers it; or gives what went wrong, with nothing stored as far as is known.</summary>
    async Task<Exception?> TryAsync(List<WriteRequest> group)
    {
        foreach (var request in group)
            request.Reset();
        using var trace = WriteTrace.Start(group);
        var started = clock.GetTimestamp();
        List<WriteTransaction.Committed> committed;
        try
        {
            committed = await CommitAsync(group);
        }
        catch (Exception failure)
        {
            // What was learnt in a transaction that failed may not be so.
            foreach (var request in group)
                names.Remove(request.Workspace.Key);
            return failure;
        }

        // It is stored: nothing from here on may look as if it were not.
        foreach (var request in group)
            request.Succeed();
        WriteMeter.Committed(group.Sum(r => r.Inserted), group.Sum(r => r.Duplicates), clock.GetElapsedTime(started));
        foreach (var workspace in committed)
        {
            followers.Left(workspace.Workspace, workspace.DeltaBytes);
            if (workspace.Streamed is { } reached)
                followers.Streamed(workspace.Workspace, reached);
        }

        return null;
    }

    async Task<List<WriteTransaction.Committed>> CommitAsync(List<WriteRequest> group)
    {
        await using var connection = await database.Value.OpenConnectionAsync();
        try
        {
            return await writing.CommitAsync(connection, group, CancellationToken.None);
        }
        catch (PostgresException) when (connection.State == ConnectionState.Open)
        {
            // Of the statements behind the one that failed the driver may take some for prepared that are not: later batches would end
            // with "unexpected backend message DataRow".
            connection.UnprepareAll();
            throw;
        }
    }

    WorkspaceNames NamesOf(int workspace)
    {
        if (names.Values.Sum(known => known.Count) > MaxKnownNames)
            names.Clear();
        if (!names.TryGetValue(workspace, out var mine))
            names.Add(workspace, mine = new WorkspaceNames());
        return mine;
    }

    // Postgres ended a statement: it waited for a lock, or worked, for longer than others should wait.
    bool IsLeftToTheSlowLane(Exception failure) => lane != WriteLane.Slow
        && failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled };

    // A check is violated when a partition is attached while rows are on their way to the default one.
    static bool IsPassing(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.CheckViolation,
    };
}
