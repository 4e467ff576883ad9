using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>The requests of a workspace that wait to be written, in the order they came, and what becomes of them.</summary>
sealed class WriteLine(int workspace)
{
    readonly LinkedList<(WriteRequest Request, long Since)> waiting = [];

    public int Workspace => workspace;

    /// <summary>How many of its requests are being written.</summary>
    public int Writing { get; private set; }

    /// <summary>When a write of it last took so long that others would have had to wait for it; null when it is not slow.</summary>
    public long? SlowSince { get; set; }

    public bool IsSlow => SlowSince is not null;

    /// <summary>Whether it is written with none of another workspace: a group that it was in took too long, maybe by its doing.</summary>
    public bool GoesAlone { get; set; }

    /// <summary>Since when more of it waits to be flushed than should; null when that is not so.</summary>
    public long? BehindSince { get; set; }

    public bool HasWaiting => waiting.Count > 0;

    public bool IsOver => waiting.Count == 0 && Writing == 0;

    /// <summary>Bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>The request that is next, and since when it waits.</summary>
    public (WriteRequest Request, long Since) First => waiting.First!.Value;

    public void Add(WriteRequest request, long now)
    {
        waiting.AddLast((request, now));
        Bytes += request.Bytes;
    }

    /// <summary>Takes the first one to be written.</summary>
    public WriteRequest Take()
    {
        var request = First.Request;
        waiting.RemoveFirst();
        Bytes -= request.Bytes;
        Writing++;
        return request;
    }

    /// <summary>Takes those whose callers have gone or may not write any more.</summary>
    public List<WriteRequest> TakeAbandoned()
    {
        var abandoned = waiting.Where(each => each.Request.IsAbandoned).ToList();
        foreach (var each in abandoned)
        {
            waiting.Remove(each);
            Bytes -= each.Request.Bytes;
            Writing++;
        }

        return [.. abandoned.Select(each => each.Request)];
    }

    /// <summary>One that was taken is answered.</summary>
    public void Done() => Writing--;

    /// <summary>Puts requests that were taken in front of the others again, in their order.</summary>
    public void PutBack(IReadOnlyList<WriteRequest> requests, long now)
    {
        for (var at = requests.Count - 1; at >= 0; at--)
        {
            waiting.AddFirst((requests[at], now));
            Bytes += requests[at].Bytes;
        }

        Writing -= requests.Count;
    }
}
