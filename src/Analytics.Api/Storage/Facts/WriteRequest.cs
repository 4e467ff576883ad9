using System.Diagnostics;
using Analytics.Storage.Schema;

namespace Analytics.Storage.Facts;

/// <summary>One caller's facts, waiting for the commit that will hold them.</summary>
sealed class WriteRequest(Workspace workspace, IReadOnlyList<IncomingFact> facts, bool partial, CancellationToken cancel)
{
    readonly TaskCompletionSource<WriteResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Workspace Workspace { get; } = workspace;
    public IReadOnlyList<IncomingFact> Facts { get; } = facts;
    public bool Partial { get; } = partial;
    public Task<WriteResult> Answer => answer.Task;
    public long Bytes { get; } = facts.Sum(fact => fact.Bytes);

    /// <summary>The trace it was asked in, when there is one.</summary>
    public ActivityContext? AskedIn { get; } = Activity.Current?.Context;

    /// <summary>Whoever asked has gone or may not write any more: nothing was started, so nothing is stored.</summary>
    public bool IsAbandoned => cancel.IsCancellationRequested;

    readonly HashSet<int> excluded = [];

    public List<Refusal> Refusals { get; } = [];

    /// <summary>Refusals of earlier attempts, whose facts are left out since.</summary>
    public int KnownRefusals { get; private set; }
    public int Inserted { get; set; }
    public int Duplicates { get; set; }

    public bool IsExcluded(IncomingFact fact) => excluded.Contains(fact.Index);

    /// <summary>Forgets a failed attempt, what it refused included: it may have been another request's fault.</summary>
    public void Reset()
    {
        Refusals.RemoveRange(KnownRefusals, Refusals.Count - KnownRefusals);
        Inserted = Duplicates = 0;
    }

    /// <summary>Goes on without the facts that were refused.</summary>
    public void ExcludeRefused()
    {
        excluded.UnionWith(Refusals.Select(refusal => refusal.Index));
        KnownRefusals = Refusals.Count;
        Reset();
    }

    public void Succeed() => answer.TrySetResult(new WriteResult(Inserted, Duplicates, [.. Refusals.OrderBy(r => r.Index)]));
    public void Refuse() => answer.TrySetResult(new WriteResult(0, 0, [.. Refusals.OrderBy(r => r.Index)]));
    public void Fail(Exception why) => answer.TrySetException(why);
    public void Abandon() => answer.TrySetCanceled(cancel);
}
