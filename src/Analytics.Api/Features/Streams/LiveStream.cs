using System.Text.Json;
using Analytics.Feed;
using Analytics.Http;
using Analytics.Storage.Model;
using Analytics.Tenancy;

namespace Analytics.Features.Streams;

/// <summary>One open stream: replays what its reader missed, then follows the feed until either side ends it.</summary>
public sealed class LiveStream(StreamView view, StreamConnection connection, FeedReader reader, LiveStreams streams)
{
    // Messages of several workspaces have ids of their own; so many bytes of them are sent at once.
    const int ManyBytes = 32 * 1024;

    readonly Dictionary<int, Workspace> workspaces = [];
    readonly Dictionary<int, string> roles = [];
    Positions positions = new();
    IReadOnlyList<Seat>? seatsNow;
    HashSet<int>? allowed;
    bool hasSkipped;

    public StreamView View => view;

    public FeedReader Reader => reader;

    public StreamConnection Connection => connection;

    /// <summary>Whose rights it has, as of the last look.</summary>
    public required Caller Caller { get; set; }

    /// <summary>The only customer it shows.</summary>
    public Guid? Bound { get; init; }

    /// <summary>The workspaces it takes places in.</summary>
    public IReadOnlyCollection<Workspace> Workspaces => workspaces.Values;

    /// <summary>Takes a place in the workspace; false when there is none.</summary>
    public bool TryJoin(Workspace workspace, string role)
    {
        if (!streams.TryTakePlace(workspace))
            return false;
        workspaces.Add(workspace.Key, workspace);
        roles[workspace.Key] = role;
        return true;
    }

    /// <summary>The user's memberships are these now: what is lost ends at once, for the rest the stream follows when it comes to it.</summary>
    public void Follow(IReadOnlyList<Seat> seats)
    {
        Volatile.Write(ref allowed, [.. seats.Where(seat => seat.Allows(view.Scope)).Select(seat => seat.Workspace.Key)]);
        Volatile.Write(ref seatsNow, seats);
        reader.Nudge();
    }

    /// <summary>Starts where the cursor says, or now, and ends when the reader is ended.</summary>
    public async Task RunAsync(string? cursor, CancellationToken cancel)
    {
        var start = await StreamStart.FindAsync(streams, workspaces.Keys, cursor, cancel);
        positions = start.Positions;
        if (start.IsReset)
            FeedMeter.WasReset();
        await connection.StartAsync(positions.IdLine(), start.IsReset);
        await GoLiveAsync(cancel);
        while (!reader.IsEnded)
        {
            if (Interlocked.Exchange(ref seatsNow, null) is { } seats)
                await ChangeAsync(seats, cancel);
            while (Volatile.Read(ref seatsNow) is null && reader.TryTake(out var batch))
            {
                await WriteAsync(batch!, cancel);
                reader.Done(batch!);
            }

            if (reader.TakePing())
            {
                hasSkipped |= reader.TrySkip(positions);
                await PingAsync();
            }

            await reader.WaitAsync();
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

    /// <summary>Reads what was missed by pages, then joins the feed and reads the rest: what is committed meanwhile is waiting by then.</summary>
    async Task GoLiveAsync(Workspace workspace, CancellationToken cancel)
    {
        await CatchUpAsync(workspace, cancel);
        if (reader.IsEnded || positions[workspace.Key] is not { } position)
            return;
        var reached = streams.Feed.GoLive(workspace.Key, reader, position);
        while (!reader.IsEnded && positions[workspace.Key] < reached)
        {
            var before = positions[workspace.Key];
            await ReplayAsync(workspace, cancel);
            if (positions[workspace.Key] == before)
                reader.End(); // it was let go just now; with its cursor the client is told so
        }

        if (hasSkipped && !reader.IsEnded)
            await SayPositionsAsync();
    }

    async Task CatchUpAsync(Workspace workspace, CancellationToken cancel)
    {
        while (await ReplayAsync(workspace, cancel))
            if (reader.TakePing())
                await PingAsync();
    }

    /// <summary>Writes a page; true when there may be another one.</summary>
    async Task<bool> ReplayAsync(Workspace workspace, CancellationToken cancel)
    {
        if (!await ShowsAsync(workspace))
            return false;
        var from = positions[workspace.Key]!.Value;
        var page = await streams.Store.ReadAsync(workspace, from, cancel);
        if (page.HasGap)
            reader.End();
        foreach (var batch in FeedBatch.Cut(page.Events))
        {
            if (reader.IsEnded)
                return false;
            if ((reader.Wanted is null ? batch : batch.Only(reader.Wanted)) is { } wanted)
                await WriteAsync(wanted, cancel);
        }

        // The end, or the end of the membership, may have left some of it unwritten.
        if (reader.IsEnded || positions[workspace.Key] is not { } written)
            return false;
        hasSkipped |= written < page.Through;
        positions[workspace.Key] = page.Through;
        return page.Through >= from + EventPages.Size;
    }

    /// <summary>Whether the workspace is still the reader's. One that was lost is left here, in the middle of whatever is written.</summary>
    async ValueTask<bool> ShowsAsync(Workspace workspace)
    {
        if (positions[workspace.Key] is null)
            return false;
        if (Volatile.Read(ref allowed) is not { } now || now.Contains(workspace.Key))
            return true;
        await LeaveAsync(workspace);
        return false;
    }

    async ValueTask WriteAsync(FeedBatch batch, CancellationToken cancel)
    {
        // Not a member any more, or read by itself already.
        if (reader.IsEnded || !await ShowsAsync(batch.Events[0].Workspace))
            return;
        var position = positions[batch.Workspace]!.Value;
        if (batch.Last <= position)
            return;
        if (positions.Count == 1 && reader.Wanted is null && batch.First > position)
        {
            positions[batch.Workspace] = batch.Last;
            await connection.SendAsync(reader, batch.TextIn(reader.Shape));
            FeedMeter.Delivered(batch.Events.Length);
            return;
        }

        var (waiting, written) = (0, 0);
        foreach (var e in batch.Events)
        {
            if (e.Sequence <= position)
                continue;
            positions[batch.Workspace] = e.Sequence;
            var shown = Bound is { } customer && e.HasDescendants ? await streams.Store.AsSeenByAsync(e, customer, cancel) : e;
            var data = shown.DataIn(reader.Shape);
            connection.Add(positions.IdLine());
            connection.Add(data);
            written++;
            if ((waiting += data.Length) > ManyBytes)
            {
                await connection.FlushAsync(reader);
                waiting = 0;
                if (!await ShowsAsync(e.Workspace))
                    break;
            }
        }

        await connection.FlushAsync(reader);
        FeedMeter.Delivered(written);
    }

    async Task ChangeAsync(IReadOnlyList<Seat> seats, CancellationToken cancel)
    {
        var now = seats.Where(seat => seat.Allows(view.Scope)).ToDictionary(seat => seat.Workspace.Key);
        foreach (var workspace in workspaces.Values.Where(workspace => !now.ContainsKey(workspace.Key)).ToList())
            await LeaveAsync(workspace);

        foreach (var seat in now.Values)
            if (!workspaces.ContainsKey(seat.Workspace.Key))
                await ComeInAsync(seat, cancel);
            else if (roles[seat.Workspace.Key] != seat.Role)
            {
                roles[seat.Workspace.Key] = seat.Role;
                await NoticeAsync("membership.changed", seat.Workspace, seat.Role);
            }
    }

    // With everything since the user came in, which may have been a moment ago or while the client was away.
    async Task ComeInAsync(Seat seat, CancellationToken cancel)
    {
        if (!TryJoin(seat.Workspace, seat.Role))
            return;
        positions[seat.Workspace.Key] = await streams.Store.SequenceAtJoinAsync(seat.Workspace.Key, ((UserCaller)Caller).UserId, cancel);
        await NoticeAsync("membership.added", seat.Workspace, seat.Role);
        connection.IsImpatient = true;
        await GoLiveAsync(seat.Workspace, cancel);
        connection.IsImpatient = false;
    }

    ValueTask LeaveAsync(Workspace workspace)
    {
        streams.Feed.Leave(workspace.Key, reader);
        workspaces.Remove(workspace.Key);
        roles.Remove(workspace.Key);
        positions[workspace.Key] = null;
        return NoticeAsync("membership.removed", workspace, null);
    }

    async ValueTask PingAsync()
    {
        await connection.SendAsync(reader, ": ping\n\n"u8.ToArray());
        if (hasSkipped && !reader.IsEnded)
            await SayPositionsAsync();
    }

    // An id without data is no message: the client remembers it and comes back from there, past events that are not for it.
    ValueTask SayPositionsAsync()
    {
        hasSkipped = false;
        connection.Add(positions.IdLine());
        connection.Add("\n"u8);
        return connection.FlushAsync(reader);
    }

    ValueTask NoticeAsync(string type, Workspace workspace, string? role)
    {
        connection.Add("event: notice\n"u8);
        connection.Add(positions.IdLine());
        connection.Add("data: "u8);
        connection.Add(JsonSerializer.SerializeToUtf8Bytes(new StreamNotice(type, workspace.Id, role), Json.Snake));
        connection.Add("\n\n"u8);
        return connection.FlushAsync(reader);
    }
}
