using Analytics.Sharing;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>Which requests a loop takes off the queue.</summary>
enum WriteLane
{
    /// <summary>Whatever can be written.</summary>
    Usual,

    /// <summary>The same, but only when much waits, or when somebody waits for another workspace's write.</summary>
    Helping,

    /// <summary>Those of workspaces whose writes are slow, one workspace at a time.</summary>
    Slow,
}

/// <summary>
/// Requests on their way to a commit, a line for each workspace. Workspaces are served in turn; one whose rollups are not flushed fast
/// enough, or whose writes are slow, keeps no other waiting. Bounded in bytes, those being written included.
/// </summary>
sealed class WriteQueue(long maxBytes, Func<int, bool> isBehind, TimeProvider clock)
{
    const int MaxWorkspaces = 64;
    const long ManyBytes = 512 * 1024;
    const int RetryAfterSeconds = 5;
    static readonly TimeSpan LongestBehind = TimeSpan.FromSeconds(10);

    // What was slow a moment ago would make others wait again.
    static readonly TimeSpan Slowness = TimeSpan.FromSeconds(10);

    static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(10);

    readonly Shares bytes = new("writes", maxBytes, clock);
    readonly Lock guard = new();
    readonly Dictionary<int, WriteLine> lines = [];
    readonly LinkedList<WriteLine> turns = [];
    bool isCompleted;

    /// <summary>Bytes that wait or are being written.</summary>
    public long Held => bytes.Held;

    /// <summary>There may be something to take for those who write what is quick.</summary>
    public event Action? Changed;

    /// <summary>There may be something to take for those who write what is slow.</summary>
    public event Action? Slowed;

    /// <summary>
    /// Whether nothing waits that the lane has to look at again by itself. Of what is slow that is what nobody writes, because its
    /// workspace is behind: nobody says when it has caught up. The end of a write is told.
    /// </summary>
    public bool IsEmptyFor(WriteLane lane)
    {
        lock (guard)
            return !turns.Any(line => line.HasWaiting && (lane != WriteLane.Slow || (line.IsSlow && line.Writing == 0)));
    }

    /// <summary>Whether nothing will come any more, and nothing waits or is being written.</summary>
    public bool IsOver
    {
        get
        {
            lock (guard)
                return isCompleted && lines.Count == 0;
        }
    }

    /// <summary>False when there is no room, or the service is stopping.</summary>
    public bool TryAdd(WriteRequest request)
    {
        if (!bytes.TryTake(request.Workspace.Id, request.Bytes))
            return false;
        WriteMeter.Queued(request.Bytes);
        WriteLine line;
        lock (guard)
        {
            if (isCompleted)
            {
                Free(request);
                return false;
            }

            line = LineOf(request);
            line.Add(request, clock.GetTimestamp());
        }

        (line.IsSlow ? Slowed : Changed)?.Invoke();
        return true;
    }

    /// <summary>Takes what is to be written together, if there is something for the lane. What was given up on is answered.</summary>
    public List<WriteRequest> Take(WriteLane lane)
    {
        var group = new WriteGroup();
        var refused = new List<WriteRequest>();
        lock (guard)
        {
            var open = OpenTo(lane, refused);
            // One workspace has both loops only when it is alone.
            if (lane == WriteLane.Helping)
                open.RemoveAll(line => line.Writing > 0 && bytes.DoOthersWant(line.First.Request.Workspace.Id));
            if (lane != WriteLane.Helping || IsHelpWanted(open))
                group.Fill(open);
            foreach (var line in group.Lines)
            {
                turns.Remove(line);
                turns.AddLast(line);
            }
        }

        foreach (var request in refused.Concat(group.Abandoned))
        {
            if (request.IsAbandoned)
                request.Abandon();
            else
                request.Fail(new OverloadedException(RetryAfterSeconds));
            Done([request], lane);
        }

        return group.Requests;
    }

    /// <summary>The requests, which were taken for a lane, are answered.</summary>
    public void Done(IReadOnlyCollection<WriteRequest> requests, WriteLane lane)
    {
        var isHeard = false;
        lock (guard)
            foreach (var request in requests)
            {
                var line = LineOf(request);
                line.Done();
                line.GoesAlone = false;
                if (lane == WriteLane.Slow && line.SlowSince is { } since && clock.GetElapsedTime(since) >= Slowness)
                    line.SlowSince = null;
                isHeard |= isCompleted || (line.HasWaiting && (line.IsSlow || lane == WriteLane.Slow));
                if (line.IsOver)
                {
                    lines.Remove(line.Workspace);
                    turns.Remove(line);
                }
            }

        foreach (var request in requests)
            Free(request);
        if (!isHeard)
            return; // who writes what is quick looks again by themselves while anything waits
        Changed?.Invoke();
        Slowed?.Invoke();
    }

    /// <summary>
    /// The requests took too long, and nothing of them is stored. Those of one workspace are left to the slow lane; of several it is
    /// not known whose doing it was, and each is tried alone.
    /// </summary>
    public void PutBack(IReadOnlyCollection<WriteRequest> group)
    {
        lock (guard)
        {
            var workspaces = group.GroupBy(request => request.Workspace.Key).ToList();
            foreach (var workspace in workspaces)
            {
                var line = lines[workspace.Key];
                line.PutBack([.. workspace], clock.GetTimestamp());
                if (workspaces.Count > 1)
                    line.GoesAlone = true;
                else
                    line.SlowSince = clock.GetTimestamp();
            }
        }

        Changed?.Invoke();
        Slowed?.Invoke();
    }

    /// <summary>Takes no more; what is there is still to be taken.</summary>
    public void Complete()
    {
        lock (guard)
            isCompleted = true;
        Changed?.Invoke();
        Slowed?.Invoke();
    }

    /// <summary>The lines a lane may take from. One that is being written is left to who writes it while others wait.</summary>
    List<WriteLine> OpenTo(WriteLane lane, List<WriteRequest> refused)
    {
        var isSlow = lane == WriteLane.Slow;
        var open = turns.Where(line => line.HasWaiting && line.IsSlow == isSlow && !IsHeldBack(line, refused))
            .Take(MaxWorkspaces).ToList();
        var free = open.Where(line => line.Writing == 0).ToList();
        return isSlow ? [.. free.Take(1)] : free.Count > 0 ? free : open;
    }

    // Readers merge what is not flushed yet; there must not be ever more of it.
    bool IsHeldBack(WriteLine line, List<WriteRequest> refused)
    {
        if (isCompleted || !isBehind(line.Workspace))
        {
            line.BehindSince = null;
            return false;
        }

        line.BehindSince ??= clock.GetTimestamp();
        if (clock.GetElapsedTime(line.BehindSince.Value) >= LongestBehind)
            while (line.HasWaiting)
                refused.Add(line.Take());
        refused.AddRange(line.TakeAbandoned());
        return true;
    }

    bool IsHelpWanted(List<WriteLine> open) => isCompleted || open.Sum(line => line.Bytes) >= ManyBytes
        || open.Exists(line => line.Writing == 0 && clock.GetElapsedTime(line.First.Since) >= LongWait);

    WriteLine LineOf(WriteRequest request)
    {
        if (lines.TryGetValue(request.Workspace.Key, out var line))
            return line;
        lines.Add(request.Workspace.Key, line = new WriteLine(request.Workspace.Key));
        turns.AddLast(line);
        return line;
    }

    void Free(WriteRequest request)
    {
        bytes.GiveBack(request.Workspace.Id, request.Bytes);
        WriteMeter.Queued(-request.Bytes);
    }
}
