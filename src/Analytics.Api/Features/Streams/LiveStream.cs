using Analytics.Feed;
using Analytics.Storage.Schema;
using Analytics.Tenancy;

namespace Analytics.Features.Streams;

/// <summary>One open stream: replays what its subscriber missed, then follows the feed until either side ends it.</summary>
sealed class LiveStream(StreamView view, StreamConnection connection, Subscriber subscriber, LiveStreams streams)
{
    const int ManyBytes = 32 * 1024; // of messages with ids of their own, sent at once

    readonly Dictionary<int, Workspace> workspaces = [];
    readonly Dictionary<int, string> roles = [];
    Cursor cursor = new(view.Shape.Track);
    IReadOnlyList<Membership>? membershipsNow;
    HashSet<int>? allowed;
    bool hasSkipped;

    public StreamView View => view;
    public Subscriber Subscriber => subscriber;
    public StreamConnection Connection => connection;

    /// <summary>Whose rights it has, as of the last look.</summary>
    public required Caller Caller { get; set; }

    /// <summary>The only customer it shows, to a portal key.</summary>
    public PortalReader? Portal { get; init; }

    /// <summary>The workspaces it takes places in.</summary>
    public IReadOnlyCollection<Workspace> Workspaces => workspaces.Values;

    /// <summary>Takes a place in the workspace; false when there is none.</summary>
    public bool TryJoin(Workspace workspace, string role)
    {
        if (!streams.TryTakePlace(workspace, view.Shape.Track))
            return false;
        workspaces.Add(workspace.Key, workspace);
        roles[workspace.Key] = role;
        return true;
    }

    /// <summary>The user's memberships are these now: what is lost ends at once, the rest the stream follows when it comes to it.</summary>
    public void Follow(IReadOnlyList<Membership> memberships)
    {
        Volatile.Write(ref allowed, [.. memberships.Where(each => each.Allows(view.Scope)).Select(each => each.Workspace.Key)]);
        Volatile.Write(ref membershipsNow, memberships);
        subscriber.Nudge();
    }

    /// <summary>Starts where the cursor says, or now, and ends when the subscriber is ended.</summary>
    public async Task RunAsync(string? lastId, CancellationToken cancel)
    {
        var start = await StreamStart.FindAsync(streams, view.Shape.Track, workspaces.Keys, lastId, Portal?.Seal, cancel);
        (cursor, hasSkipped) = (start.Cursor, lastId is not null); // Who comes back is told where the replay is over.
        if (start.IsReset)
            FeedMeter.WasReset();
        await connection.StartAsync(cursor.IdLine(), start.IsReset);
        await GoLiveAsync(cancel);
        while (!subscriber.IsEnded)
        {
            if (Interlocked.Exchange(ref membershipsNow, null) is { } memberships)
                await ChangeAsync(memberships, cancel);
            while (Volatile.Read(ref membershipsNow) is null && subscriber.TryTake(out var batch))
            {
                await WriteAsync(batch!, cancel);
                subscriber.Done(batch!);
            }

            if (subscriber.TakePing())
            {
                hasSkipped |= subscriber.TrySkip(cursor);
                await PingAsync();
            }

            await subscriber.WaitAsync();
        }
    }

    // What is live fills the queue, which nobody empties before all have replayed: so the long replays come before any goes live.
    async Task GoLiveAsync(CancellationToken cancel)
    {
        connection.IsImpatient = true;
        List<Workspace> all = [.. workspaces.Values];
        if (all.Count > 1)
            foreach (var workspace in all)
                await CatchUpAsync(workspace, cancel);
        foreach (var workspace in all)
            await GoLiveAsync(workspace, cancel);
        connection.IsImpatient = false;
    }

    /// <summary>Reads what was missed by pages, joins the feed and reads the rest: what is committed meanwhile waits by then.</summary>
    async Task GoLiveAsync(Workspace workspace, CancellationToken cancel)
    {
        await CatchUpAsync(workspace, cancel);
        if (subscriber.IsEnded || cursor[workspace.Key] is not { } position)
            return;
        var reached = streams.Feed.GoLive(workspace.Key, subscriber, position);
        while (!subscriber.IsEnded && cursor[workspace.Key] < reached)
        {
            var before = cursor[workspace.Key];
            await ReplayAsync(workspace, cancel);
            if (cursor[workspace.Key] == before)
                subscriber.End(); // it was let go just now; with its cursor the client is told so
        }

        await SayPositionsAsync();
    }

    async Task CatchUpAsync(Workspace workspace, CancellationToken cancel)
    {
        while (await ReplayAsync(workspace, cancel))
            if (subscriber.TakePing())
                await PingAsync();
    }

    /// <summary>Writes a page; true when there may be another one.</summary>
    async Task<bool> ReplayAsync(Workspace workspace, CancellationToken cancel)
    {
        if (!await ShowsAsync(workspace))
            return false;
        // A page takes memory until its last event is written, as slowly as the client reads.
        using var turn = await streams.Replays.TakeAsync(workspace.Id, cancel);
        var from = cursor[workspace.Key]!.Value;
        var page = await streams.Store.ReadAsync(workspace, view.Shape.Track, from, cancel);
        if (page.HasGap)
            subscriber.End();
        foreach (var batch in FeedBatch.Cut(page.Records))
        {
            if (subscriber.IsEnded)
                return false;
            if ((subscriber.Wanted is null ? batch : batch.Only(subscriber.Wanted)) is { } wanted)
                await WriteAsync(wanted, cancel);
        }

        // The end, or the end of the membership, may have left some of it unwritten.
        if (subscriber.IsEnded || cursor[workspace.Key] is not { } written)
            return false;
        hasSkipped |= written < page.Through;
        cursor[workspace.Key] = page.Through;
        return page.Through >= from + FeedPages.Size;
    }

    /// <summary>Whether the workspace is still the user's. One that was lost is left here, in the middle of whatever is written.</summary>
    async ValueTask<bool> ShowsAsync(Workspace workspace)
    {
        if (cursor[workspace.Key] is null)
            return false;
        if (Volatile.Read(ref allowed) is not { } now || now.Contains(workspace.Key))
            return true;
        await LeaveAsync(workspace);
        return false;
    }

    async ValueTask WriteAsync(FeedBatch batch, CancellationToken cancel)
    {
        // Not a member any more, or read by itself already.
        if (subscriber.IsEnded || !await ShowsAsync(batch.Records[0].Workspace))
            return;
        var position = cursor[batch.Workspace]!.Value;
        if (batch.Last <= position)
            return;
        if (cursor.Count == 1 && subscriber.Wanted is null && batch.First > position)
        {
            cursor[batch.Workspace] = batch.Last;
            await connection.SendAsync(subscriber, batch.TextIn(subscriber.Shape));
            FeedMeter.Delivered(batch.Records.Length);
            return;
        }

        var (waiting, written) = (0, 0);
        foreach (var record in Portal is null ? batch.Records : await streams.Store.AsSeenByAsync(batch, Portal.Customer, cancel))
        {
            if (record.Position <= position)
                continue;
            cursor[batch.Workspace] = record.Position;
            var data = record.DataIn(subscriber.Shape);
            connection.Add(cursor.IdLine());
            connection.Add(data);
            written++;
            if ((waiting += data.Length) > ManyBytes)
            {
                await connection.FlushAsync(subscriber);
                waiting = 0;
                if (!await ShowsAsync(record.Workspace))
                    break;
            }
        }

        await connection.FlushAsync(subscriber);
        FeedMeter.Delivered(written);
    }

    async Task ChangeAsync(IReadOnlyList<Membership> memberships, CancellationToken cancel)
    {
        var now = memberships.Where(membership => membership.Allows(view.Scope)).ToDictionary(membership => membership.Workspace.Key);
        foreach (var workspace in workspaces.Values.Where(workspace => !now.ContainsKey(workspace.Key)).ToList())
            await LeaveAsync(workspace);

        foreach (var membership in now.Values)
            if (!workspaces.ContainsKey(membership.Workspace.Key))
                await ComeInAsync(membership, cancel);
            else if (roles[membership.Workspace.Key] != membership.Role)
            {
                roles[membership.Workspace.Key] = membership.Role;
                await NoticeAsync("membership.changed", membership.Workspace, membership.Role);
            }
    }

    // With everything since the user came in, which may have been a moment ago or while the client was away.
    async Task ComeInAsync(Membership membership, CancellationToken cancel)
    {
        if (!TryJoin(membership.Workspace, membership.Role))
            return;
        var workspace = membership.Workspace.Key;
        cursor[workspace] = await streams.Store.SequenceAtJoinAsync(workspace, ((UserCaller)Caller).UserId, cancel);
        await NoticeAsync("membership.added", membership.Workspace, membership.Role);
        connection.IsImpatient = true;
        await GoLiveAsync(membership.Workspace, cancel);
        connection.IsImpatient = false;
    }

    ValueTask LeaveAsync(Workspace workspace)
    {
        streams.Feed.Leave(workspace.Key, subscriber);
        workspaces.Remove(workspace.Key);
        roles.Remove(workspace.Key);
        cursor[workspace.Key] = null;
        return NoticeAsync("membership.removed", workspace, null);
    }

    async ValueTask PingAsync()
    {
        await connection.SendAsync(subscriber, ": ping\n\n"u8.ToArray());
        await SayPositionsAsync();
    }

    // An id without data is no message: the client remembers it and comes back from there, past events that are not for it. Whether
    // there were some is nothing a portal key should know: it is always told where it is.
    ValueTask SayPositionsAsync()
    {
        if (subscriber.IsEnded || !(hasSkipped || Portal is not null))
            return default;
        hasSkipped = false;
        return connection.SendAsync(subscriber, (byte[])[.. cursor.IdLine(), .. "\n"u8]);
    }

    ValueTask NoticeAsync(string type, Workspace workspace, string? role) => connection.SendAsync(
        subscriber, new StreamNotice(type, workspace.Id, role).Text(cursor.IdLine()));
}
