using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>Requests that are committed together, while it is being put together.</summary>
sealed class WriteGroup
{
    // Enough to make a commit cheap, few enough that requests are parsed while others are written.
    const int MaxFacts = 3_000;

    // A request of so many facts goes with those of its own workspace only: others would wait for it.
    const int ManyFacts = 500;

    int facts;
    bool isAlone;

    public List<WriteRequest> Requests { get; } = [];

    /// <summary>Those whose callers have gone.</summary>
    public List<WriteRequest> Abandoned { get; } = [];

    /// <summary>The lines it was taken from.</summary>
    public HashSet<WriteLine> Lines { get; } = [];

    /// <summary>Takes a request of each line in turn, as long as they go together.</summary>
    public void Fill(List<WriteLine> open)
    {
        for (var at = 0; open.Count > 0; at++)
        {
            at %= open.Count;
            var line = open[at];
            var isTaken = line.First.Request.IsAbandoned || Takes(line);
            if (line.First.Request.IsAbandoned)
                Abandoned.Add(line.Take());
            else if (isTaken)
                Add(line);
            if (!isTaken || !line.HasWaiting)
                open.RemoveAt(at--);
        }
    }

    bool Takes(WriteLine line)
    {
        if (facts >= MaxFacts)
            return false;
        var isOfOneLine = Lines.Count == 0 || (Lines.Count == 1 && Lines.Contains(line));
        return isOfOneLine || (!isAlone && !GoesAlone(line, line.First.Request));
    }

    void Add(WriteLine line)
    {
        var request = line.Take();
        Requests.Add(request);
        Lines.Add(line);
        facts += request.Facts.Count;
        isAlone |= GoesAlone(line, request);
    }

    static bool GoesAlone(WriteLine line, WriteRequest request) => line.GoesAlone || request.Facts.Count >= ManyFacts;
}
