using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// Work in the background that workspaces wait for: a step of each in turn, a few side by side, so that one whose work is large, fails
/// or is held up holds up nobody else's. Whose step did not get on sits out for a pause.
/// </summary>
abstract class WorkspaceJob(StoreReadiness readiness, TimeProvider clock, ILogger log) : RepeatedJob(readiness, clock, log)
{
    const int Lanes = 4;
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<int, byte> underWay = [];
    readonly ConcurrentDictionary<int, long> sittingOut = [];
    readonly AsyncAutoResetEvent stepped = new();

    /// <summary>Who holds a lock that a step wants is left alone soon: the lane is for others too.</summary>
    private protected const string ShortLocks = "set lock_timeout = '1s'";

    private protected static bool IsLocked(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
        || (failure.InnerException is { } inner && IsLocked(inner));

    /// <summary>The workspaces that something is to be done for.</summary>
    protected abstract Task<List<int>> WaitingAsync(CancellationToken cancel);

    /// <summary>Does a little for the workspace; false when it does not get on for now.</summary>
    protected abstract Task<bool> StepAsync(int workspace, CancellationToken cancel);

    protected sealed override async Task WorkAsync(CancellationToken cancel)
    {
        using var glance = Clock.CreateTimer(_ => stepped.Raise(), null, Glance, Glance);
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancel };
        await Parallel.ForEachAsync(TurnsAsync(cancel), lanes, async (workspace, stop) =>
        {
            if (!await TryStepAsync(workspace, stop))
                sittingOut[workspace] = Clock.GetTimestamp();
            underWay.TryRemove(workspace, out _);
            stepped.Raise();
        });
    }

    /// <summary>Round after round, each workspace once; ends when nobody's work is left that could be done now.</summary>
    async IAsyncEnumerable<int> TurnsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var round = (await WaitingAsync(cancel)).FindAll(MayStep);
            foreach (var workspace in round)
                if (underWay.TryAdd(workspace, 0))
                    yield return workspace;
            if (round.Count > 0)
                continue;
            if (underWay.IsEmpty)
                yield break;
            await stepped.WaitAsync(cancel);
        }
    }

    bool MayStep(int workspace)
    {
        if (underWay.ContainsKey(workspace))
            return false;
        if (!sittingOut.TryGetValue(workspace, out var since))
            return true;
        return Clock.GetElapsedTime(since) >= Pause && sittingOut.TryRemove(workspace, out _);
    }

    async Task<bool> TryStepAsync(int workspace, CancellationToken cancel)
    {
        try
        {
            var gotOn = await StepAsync(workspace, cancel);
            Failures.Worked();
            return gotOn;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            if (!IsLocked(failure))
                Failures.Failed(failure, $"{Work}, of workspace {workspace},", $"it is tried again within {Pause.TotalSeconds} s");
            return false;
        }
    }
}
