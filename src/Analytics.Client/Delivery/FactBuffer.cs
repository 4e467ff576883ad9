using System.Threading.Channels;

namespace Analytics.Client.Delivery;

/// <summary>Where facts of a kind wait to be sent. Adding never waits: what does not fit is lost, and counted.</summary>
sealed class FactBuffer(FactKind kind, AnalyticsOptions options, Losses losses, TimeProvider clock)
{
    /// <summary>So much of the buffer goes into one body, which the service takes up to 10 MB.</summary>
    const int BatchBytes = 4 * 1024 * 1024;

    readonly Channel<Fact> facts = Channel.CreateUnbounded<Fact>(new() { SingleReader = true });
    TaskCompletionSource full = new();
    long bytes;
    int waiting;
    volatile bool isClosed;

    public FactKind Kind => kind;

    public void Add(Fact fact)
    {
        if (Interlocked.Add(ref bytes, fact.Bytes) > options.BufferBytes)
            Lose(fact, Loss.Full);
        else if (!facts.Writer.TryWrite(fact))
            Lose(fact, Loss.Exit);
        else if (Interlocked.Increment(ref waiting) >= options.BatchSize)
            Volatile.Read(ref full).TrySetResult();
    }

    /// <summary>Takes nothing more, and lets nobody wait for a batch to be full.</summary>
    public void Close()
    {
        facts.Writer.TryComplete();
        isClosed = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref full).TrySetResult();
    }

    /// <summary>Waits for a first fact; false when the buffer is closed and empty.</summary>
    public ValueTask<bool> IsSomethingThereAsync() => facts.Reader.WaitToReadAsync();

    /// <summary>Waits until a batch is full, the pause is over or the buffer is closed.</summary>
    public async Task FillAsync()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Exchanged, not written: who fills or closes the buffer from here on sees it, and who did before is seen below.
        Interlocked.Exchange(ref full, next);
        if (Volatile.Read(ref waiting) >= options.BatchSize || isClosed)
            return;
        await using var pause = clock.CreateTimer(_ => next.TrySetResult(), null, options.Pause, Timeout.InfiniteTimeSpan);
        await next.Task;
    }

    /// <summary>The facts of the next batch. They keep their room until they are given back.</summary>
    public List<Fact> Take()
    {
        var batch = new List<Fact>();
        for (var room = BatchBytes; batch.Count < options.BatchSize && room > 0 && facts.Reader.TryRead(out var fact); room -= fact.Bytes)
            batch.Add(fact);
        Interlocked.Add(ref waiting, -batch.Count);
        return batch;
    }

    public void GiveBack(IEnumerable<Fact> batch) => Interlocked.Add(ref bytes, -batch.Sum(fact => (long)fact.Bytes));

    void Lose(Fact fact, Loss loss)
    {
        Interlocked.Add(ref bytes, -fact.Bytes);
        losses.Add(kind, loss, 1);
    }
}
