using Analytics.Storage;

namespace Analytics.Feed;

/// <summary>
/// One open stream's end of the feed: what is waiting for it, in shared batches. Bounded: one that leaves too much unread is
/// ended, and nobody ever waits for it longer than a moment.
/// </summary>
sealed class Subscriber(MessageShape shape, Func<FeedRecord, bool>? wanted, Action cut)
{
    const long MaxUnread = 1 << 20;
    const long ManyUnread = MaxUnread / 4;

    // So many looks without a byte taken are standing still: on a busy machine a moment's look is not.
    const int MostIdleLooks = 5;

    readonly Queue<FeedBatch> waiting = [];
    readonly Dictionary<int, long>? seen = wanted is null ? null : [];
    readonly AsyncAutoResetEvent signal = new();
    long unread;
    long taken;
    long takenWhenLooked = -1;
    int idleLooks;
    bool pinged;
    bool ended;
    bool isWriting;

    public MessageShape Shape { get; } = shape;

    /// <summary>What the subscriber wants to see of each batch; null for everything.</summary>
    public Func<FeedRecord, bool>? Wanted { get; } = wanted;

    public bool IsEnded => Volatile.Read(ref ended);

    /// <summary>Whether it was ended for leaving too much unread.</summary>
    public bool WasSlow { get; private set; }

    /// <summary>Ends the stream from outside. One that is in the middle of writing to a client that does not read is cut off.</summary>
    public void End()
    {
        bool blocked;
        lock (waiting)
        {
            if (ended)
                return;
            ended = true;
            blocked = isWriting;
            waiting.Clear();
        }

        if (blocked)
            cut();
        signal.Raise();
    }

    /// <summary>Ends it for leaving too much unread, or for too long.</summary>
    public void EndSlow()
    {
        WasSlow = true;
        End();
    }

    /// <summary>Time for a sign of life.</summary>
    public void Ping()
    {
        Volatile.Write(ref pinged, true);
        signal.Raise();
    }

    /// <summary>Something else than an event wants the subscriber's attention.</summary>
    public void Nudge() => signal.Raise();

    /// <summary>Ends when there may be something to do.</summary>
    public Task WaitAsync() => signal.WaitAsync();

    /// <summary>Whether a ping is due; asked once for each.</summary>
    public bool TakePing()
    {
        if (!Volatile.Read(ref pinged))
            return false;
        Volatile.Write(ref pinged, false);
        return true;
    }

    /// <summary>The next batch. It counts as unread until <see cref="Done"/> says that it was written.</summary>
    public bool TryTake(out FeedBatch? batch)
    {
        lock (waiting)
            return waiting.TryDequeue(out batch);
    }

    public void Done(FeedBatch batch)
    {
        var bytes = batch.BytesIn(Shape);
        Interlocked.Add(ref unread, -bytes);
        Interlocked.Add(ref taken, bytes);
    }

    /// <summary>
    /// Moves the cursor past what the filter left out; true when any moved. Not while a batch waits that comes before, nor after
    /// the end, which drops those. Asked by the one who writes, between two writes.
    /// </summary>
    public bool TrySkip(Cursor cursor)
    {
        lock (waiting)
        {
            if (seen is null || ended || waiting.Count > 0)
                return false;
            var moved = false;
            foreach (var (workspace, position) in seen)
                if (cursor[workspace] < position)
                {
                    cursor[workspace] = position;
                    moved = true;
                }

            seen.Clear();
            return moved;
        }
    }

    /// <summary>Says that a write is under way, which may take as long as the client likes, or that it is over.</summary>
    public void Writing(bool now)
    {
        bool tooLate;
        lock (waiting)
        {
            isWriting = now;
            tooLate = now && ended;
        }

        if (tooLate)
            cut();
    }

    /// <summary>Puts the batch with what waits. The subscriber is still to be woken.</summary>
    internal void Offer(FeedBatch batch)
    {
        var left = Wanted is null ? batch : batch.Only(Wanted);
        var bytes = left is null ? 0 : Interlocked.Add(ref unread, left.BytesIn(Shape));
        lock (waiting)
        {
            if (ended)
                return;
            if (left is not null)
                waiting.Enqueue(left);
            if (seen is not null)
                seen[batch.Workspace] = batch.Last;
        }

        if (bytes > MaxUnread)
            EndSlow();
    }

    /// <summary>Whether much waits for it although it goes on reading. One that stands still is not worth waiting for.</summary>
    internal bool IsCatchingUp()
    {
        var now = Interlocked.Read(ref taken);
        var isBehind = Interlocked.Read(ref unread) > ManyUnread;
        idleLooks = now != takenWhenLooked || !isBehind ? 0 : Math.Min(idleLooks + 1, MostIdleLooks);
        takenWhenLooked = now;
        return isBehind && idleLooks < MostIdleLooks;
    }
}
