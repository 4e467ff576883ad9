using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Feed;

/// <summary>
/// What a node reads of one workspace, in one track, while somebody listens: each commit once, whatever the number of subscribers, who
/// share what was read. New commits are looked for when somebody says that there are some.
/// </summary>
sealed class WorkspaceFeed(
    Workspace workspace, Track track, FeedStore store, TimeProvider clock, ILogger log, FailureLog failures) : IDisposable
{
    // A wake-up of a subscriber costs some 20 µs: many of them are woken less often, and take more each time.
    static readonly TimeSpan PauseASubscriber = TimeSpan.FromMilliseconds(0.1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan RereadPause = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan SlicePause = TimeSpan.FromMilliseconds(2);
    const int ManyBytes = 192 * 1024;
    const int MaxBuffered = 1024 * 1024;
    const int MinBuffer = 4 * 1024;
    const int MaxBuffer = 64 * 1024;
    const int MaxEmptyReads = 5;

    readonly Lock guard = new();
    readonly AsyncAutoResetEvent news = new();
    readonly CancellationTokenSource over = new();
    readonly SlowReaderGrace grace = new(clock);
    Subscriber[] live = [];
    long head;
    long known;
    int emptyReads;
    long publishedAt;
    bool isPumping;
    bool isOver;

    /// <summary>How many streams have a place here; guarded by who hands the places out.</summary>
    public int Places { get; set; }

    public int Workspace => workspace.Key;

    public bool IsLive => live.Length > 0;

    /// <summary>From now on the subscriber is offered everything after the answered position. Up to there it reads by itself.</summary>
    public long GoLive(Subscriber subscriber, long position)
    {
        lock (guard)
        {
            // Never back: the pump may be in the middle of a page, for subscribers who have just left.
            if (live.Length == 0)
                head = Math.Max(head, position);
            live = [.. live, subscriber];
            if (!isPumping)
                _ = Task.Run(PumpAsync);
            isPumping = true;
            // Whatever was committed between the subscriber's last look and now.
            news.Raise();
            return head;
        }
    }

    public void Leave(Subscriber subscriber)
    {
        lock (guard)
            live = [.. live.Where(other => other != subscriber)];
    }

    /// <summary>Says up to where there is something to read.</summary>
    public void Wake(long reached)
    {
        // Without the lock: the writer must not wait until a batch has been offered to all subscribers.
        if (live.Length == 0 || reached <= Volatile.Read(ref head))
            return;
        for (var before = Volatile.Read(ref known); before < reached;)
            before = Interlocked.CompareExchange(ref known, reached, before) is var seen && seen == before ? reached : seen;
        news.Raise();
    }

    /// <summary>Ends the pump. Nobody may go live any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, true))
            return;
        over.Cancel();
        over.Dispose();
    }

    async Task PumpAsync()
    {
        var cancel = over.Token;
        while (!cancel.IsCancellationRequested)
            try
            {
                await news.WaitAsync(cancel);
                do
                    await StepAsync(cancel);
                while (IsBehind());
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                failures.Failed(
                    failure, $"Reading what is new of workspace {workspace.Id} for its streams", "it is tried again in a moment");
                await Task.Delay(RetryPause, clock, CancellationToken.None);
                news.Raise();
            }
    }

    bool IsBehind()
    {
        lock (guard)
            return head < known && live.Length > 0;
    }

    async Task StepAsync(CancellationToken cancel)
    {
        await PaceAsync(cancel);
        long from;
        lock (guard)
        {
            if (live.Length == 0)
                return;
            from = head;
        }

        var page = await store.ReadAsync(workspace, track, from, cancel);
        if (page.HasGap || page.Through == from)
        {
            await MissingAsync(page.HasGap, from, cancel);
            return;
        }

        failures.Worked();
        emptyReads = 0;
        publishedAt = clock.GetTimestamp();
        var bytes = 0;
        foreach (var batch in FeedBatch.Cut(page.Records))
        {
            if (bytes > ManyBytes)
            {
                await WakeAsync(bytes, cancel);
                bytes = 0;
            }

            Offer(batch);
            bytes += batch.RoughBytes;
        }

        await WakeAsync(bytes, cancel);
        lock (guard)
            head = Math.Max(head, page.Through);
    }

    void Offer(FeedBatch batch)
    {
        lock (guard)
        {
            // Whoever goes live from here on reads the batch by itself.
            head = batch.Last;
            foreach (var subscriber in live)
                try
                {
                    subscriber.Offer(batch);
                }
                catch (Exception failure)
                {
                    // It resumes by its cursor; the others must not miss the batch for it.
                    log.LogWarning(
                        failure, "Offering facts of workspace {Workspace} to a stream failed; it is ended and comes back", workspace.Id);
                    subscriber.End();
                }
        }
    }

    // All at once they would fill a buffer each before the first one is sent.
    async Task WakeAsync(int bytes, CancellationToken cancel)
    {
        var subscribers = live;
        var slice = MaxBuffered / Math.Clamp(bytes, MinBuffer, MaxBuffer);
        var (woken, started) = (0, clock.GetTimestamp());
        while (true)
        {
            // By the time that went by: where the machine is busy a pause takes longer than it should.
            var due = slice * (1 + (int)(clock.GetElapsedTime(started) / SlicePause));
            while (woken < subscribers.Length && woken < due)
                subscribers[woken++].Nudge();
            if (woken == subscribers.Length)
                break;
            await Task.Delay(SlicePause, clock, cancel);
        }

        await grace.GiveAsync(() => live, cancel);
    }

    async Task PaceAsync(CancellationToken cancel)
    {
        var pause = PauseASubscriber * live.Length;
        pause = pause < LongestPause ? pause : LongestPause;
        var left = pause - (publishedAt == 0 ? pause : clock.GetElapsedTime(publishedAt));
        if (left > TimeSpan.FromMilliseconds(1))
            await Task.Delay(left, clock, cancel);
    }

    // The commits that should come next are not there: they were let go while nobody could read. Whoever is here has missed them.
    async Task MissingAsync(bool isCertain, long from, CancellationToken cancel)
    {
        if (!IsBehind())
            return;
        if (!isCertain && ++emptyReads < MaxEmptyReads)
        {
            // Once is nothing: the news came while the page was read.
            if (emptyReads > 1)
                await Task.Delay(RereadPause, clock, cancel);
            return;
        }

        // A wake-up may have been wrong; what the store says is right.
        if (!isCertain && await store.LastAsync(Workspace, track, cancel) is var last && last <= from)
        {
            Interlocked.Exchange(ref known, last);
            return;
        }

        log.LogWarning("Commits after {Position} are gone; {Readers} streams start anew", from, live.Length);
        Subscriber[] subscribers;
        lock (guard)
            (subscribers, head, emptyReads) = (live, known, 0);
        foreach (var subscriber in subscribers)
            subscriber.End();
    }
}
