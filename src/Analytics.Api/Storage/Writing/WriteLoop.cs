using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// Takes requests off the queue and commits them, group after group: while one group is being committed the next one gathers,
/// which is what makes single events cheap. Several loops may share a queue, so that one claims keys while another commits;
/// one with <c>minWaiting</c> lends a hand only when so many bytes wait, for small groups are best left to one loop.
/// </summary>
sealed class WriteLoop(
    WriteQueue queue, long minWaiting, Lazy<NpgsqlDataSource> database, CitusTables citus,
    IReadOnlyList<KindWriter> kinds, CommitFollowers followers, TimeProvider clock, ILogger log)
{
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);

    // Enough to make a commit cheap, few enough that requests are parsed while others are written.
    const int MaxEvents = 3_000;
    const int MaxWorkspaces = 64;
    const int MaxKnownPeople = 400_000;
    const int Attempts = 10;
    const int MaxWaits = 500;
    const int RetryAfterSeconds = 5;
    static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(20);

    readonly Dictionary<int, WorkspaceNames> names = [];
    readonly KeyClaims claims = new(citus);
    WriteTransaction? writing;

    public async Task RunAsync()
    {
        writing = new WriteTransaction(clock, claims, NamesOf, kinds);
        var group = new List<WriteRequest>();
        while (await queue.WaitAsync())
            try
            {
                await StepAsync(group);
            }
            catch (Exception failure)
            {
                // Without the loop nothing would be written any more, and nobody be answered.
                log.LogError(
                    failure, "Writing {Requests} requests failed; who has no answer yet gets this one, the next are written", group.Count);
                foreach (var request in group)
                    request.Fail(failure);
            }
            finally
            {
                foreach (var request in group)
                    queue.Left(request);
                group.Clear();
            }
    }

    async Task StepAsync(List<WriteRequest> group)
    {
        if (queue.WaitingBytes < minWaiting && !queue.IsCompleted)
        {
            await Task.Delay(Glance, clock);
            return;
        }

        Gather(group);
        if (group.Count == 0)
            return;
        await HoldBackAsync(group);
        foreach (var part in Parts(Taken(group)))
            await WriteAsync(part);
    }

    // Workspaces of a cluster lie on different machines, whose rows are not locked together: there each is committed for itself.
    IEnumerable<List<WriteRequest>> Parts(List<WriteRequest> group) => citus.IsOn
        ? group.GroupBy(request => request.Workspace.Key).Select(workspace => workspace.ToList())
        : [group];

    void Gather(List<WriteRequest> group)
    {
        var events = 0;
        var workspaces = new HashSet<int>();
        while (events < MaxEvents && workspaces.Count < MaxWorkspaces && queue.TryTake(out var request))
        {
            if (request.IsAbandoned)
            {
                request.Abandon();
                queue.Left(request);
                continue;
            }

            group.Add(request);
            events += request.Facts.Count;
            workspaces.Add(request.Workspace.Key);
        }
    }

    // Readers merge what is not flushed yet; there must not be ever more of it.
    async Task HoldBackAsync(List<WriteRequest> group)
    {
        for (var waits = 0; waits < MaxWaits && group.Exists(request => followers.IsBehind(request.Workspace.Key)); waits++)
            await Task.Delay(Wait, clock);
    }

    /// <summary>Refuses what holding back did not help: flushing does not get on. Rights may have ended meanwhile.</summary>
    List<WriteRequest> Taken(List<WriteRequest> group)
    {
        var taken = new List<WriteRequest>(group.Count);
        foreach (var request in group)
            if (request.IsAbandoned)
                request.Abandon();
            else if (followers.IsBehind(request.Workspace.Key))
                request.Fail(new OverloadedException(RetryAfterSeconds));
            else
                taken.Add(request);
        return taken;
    }

    async Task WriteAsync(List<WriteRequest> group)
    {
        if (group.Count > 1 && await TryAsync(group) is { } failure)
        {
            // Alone, none can fail its neighbours. A store that is gone is gone for all of them.
            foreach (var request in group)
                if (StoreAway.Is(failure))
                    request.Fail(failure);
                else
                    await WriteAloneAsync(request);
        }
        else if (group.Count == 1)
            await WriteAloneAsync(group[0]);
    }

    async Task WriteAloneAsync(WriteRequest request)
    {
        for (var attempt = 1; await TryAsync([request]) is { } failure; attempt++)
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
            else if (!IsPassing(failure) || attempt == Attempts)
            {
                request.Fail(failure);
                return;
            }
            else
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), clock);
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
            await using var connection = await database.Value.OpenConnectionAsync();
            committed = await writing!.CommitAsync(connection, group, CancellationToken.None);
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
            if (workspace.LastSequence is { } last)
                followers.Streamed(workspace.Workspace, last);
        }

        return null;
    }

    WorkspaceNames NamesOf(int workspace)
    {
        if (names.Values.Sum(known => known.People) > MaxKnownPeople)
            names.Clear();
        if (!names.TryGetValue(workspace, out var mine))
            names.Add(workspace, mine = new WorkspaceNames());
        return mine;
    }

    // A check is violated when a partition is attached while rows are on their way to the default one.
    static bool IsPassing(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.CheckViolation,
    };
}
