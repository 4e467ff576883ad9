using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Feed;

/// <summary>The open streams of this node and the workspaces they listen to.</summary>
sealed class EventFeed : IDisposable
{
    static readonly TimeSpan PingPause = TimeSpan.FromSeconds(15);

    readonly ConcurrentDictionary<(int Workspace, Track Track), WorkspaceFeed> feeds = [];
    readonly ConcurrentDictionary<Subscriber, ITimer> subscribers = [];
    readonly Lock guard = new();
    readonly FeedStore store;
    readonly TimeProvider clock;
    readonly ILogger<EventFeed> log;
    readonly FailureLog failures;
    bool isStopping;

    public EventFeed(FeedStore store, CommitNotices notices, TimeProvider clock, ILogger<EventFeed> log)
    {
        (this.store, this.clock, this.log, failures) = (store, clock, log, new FailureLog(log));
        notices.Committed += Wake;
    }

    /// <summary>Workspaces that somebody listens to.</summary>
    public int[] LiveWorkspaces => [.. feeds.Values.Where(feed => feed.IsLive).Select(feed => feed.Workspace).Distinct()];

    /// <summary>Takes a place in the workspace; false when it has no more of them, whatever its streams go by.</summary>
    public bool TryJoin(Workspace workspace, Track track, int most)
    {
        lock (guard)
        {
            if (Track.All.Sum(each => feeds.TryGetValue((workspace.Key, each), out var open) ? open.Places : 0) >= most)
                return false;
            feeds.GetOrAdd((workspace.Key, track), _ => new WorkspaceFeed(workspace, track, store, clock, log, failures)).Places++;
            return true;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(int workspace, Subscriber subscriber)
    {
        lock (guard)
        {
            var key = (workspace, subscriber.Shape.Track);
            var feed = feeds[key];
            feed.Leave(subscriber);
            if (--feed.Places > 0)
                return;
            feeds.TryRemove(key, out _);
            feed.Dispose();
        }
    }

    /// <summary>From now on the subscriber gets everything after the answered position. Up to there it has to read by itself.</summary>
    public long GoLive(int workspace, Subscriber subscriber, long position) =>
        feeds[(workspace, subscriber.Shape.Track)].GoLive(subscriber, position);

    /// <summary>Says that the workspace has commits up to there. Returns at once, whoever listens.</summary>
    public void Wake(int workspace, StreamPositions reached)
    {
        foreach (var track in Track.All)
            if (feeds.TryGetValue((workspace, track), out var feed))
                feed.Wake(track.Of(reached));
    }

    /// <summary>From now on the subscriber gets a sign of life every 15 s, and its end when the service ends.</summary>
    public void Open(Subscriber subscriber)
    {
        // A timer each, so that the signs of thousands of streams are not all sent in the same moment.
        subscribers.TryAdd(subscriber, clock.CreateTimer(static one => ((Subscriber)one!).Ping(), subscriber, PingPause, PingPause));
        if (Volatile.Read(ref isStopping))
            subscriber.End();
    }

    public void Close(Subscriber subscriber)
    {
        subscriber.End();
        if (subscribers.TryRemove(subscriber, out var pings))
            pings.Dispose();
    }

    /// <summary>Ends all streams and every one that is opened from now on.</summary>
    public void EndAll()
    {
        Volatile.Write(ref isStopping, true);
        foreach (var (subscriber, _) in subscribers)
            subscriber.End();
    }

    public void Dispose()
    {
        foreach (var (_, feed) in feeds)
            feed.Dispose();
    }
}
