using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// Looks at every alert once a minute and tells what is crossed, once. One node watches, as long as it holds a lock; where it dies, another
/// one takes it. Of workspaces where nothing came and nothing left a window, nothing is read.
/// </summary>
sealed partial class AlertWatch(
    NpgsqlDataSource store, TenantDirectory tenants, WakeOutbox wakeOutbox, StoreReadiness readiness, TimeProvider clock,
    ILogger<AlertWatch> log) : RepeatedJob(readiness, clock, log)
{
    const int AtOnce = 2;

    // How long a look may go on reading what there was before an alert: then others have their turn.
    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    readonly ConcurrentDictionary<int, WatchedWorkspace> watched = [];
    readonly WatchSeat seat = new(store);
    readonly AlertTelling telling = new(store);
    long lookedAt;

    /// <summary>The minute up to which all alerts were looked at by this node, in microseconds.</summary>
    public long LookedAt => Interlocked.Read(ref lookedAt);

    protected override string Work => "Looking at alerts";

    // Minutes begin when the clock says so, and what is not filled yet goes on.
    protected override TimeSpan Pause => TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancel)
    {
        await base.StopAsync(cancel);
        await seat.DisposeAsync();
    }

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var now = Rfc3339.Microseconds(Clock.GetUtcNow());
        var end = now - now % AlertWords.Minute;
        if (end == lookedAt && !watched.Values.Any(workspace => workspace.IsFilling))
            return;
        if (!await seat.TakeAsync(cancel))
        {
            watched.Clear(); // another node watches
            return;
        }

        var positions = (await WatchPosition.AllAsync(store, cancel)).ConvertAll(position => position.AsOf(end));
        foreach (var gone in watched.Keys.Except(positions.Select(position => position.Workspace)).ToList())
            watched.TryRemove(gone, out _);
        var due = await DueAsync(positions, end, cancel);
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(due, lanes, async (workspace, stop) => await TryLookAsync(workspace, end, stop));
        Interlocked.Exchange(ref lookedAt, end);
    }

    /// <summary>The workspaces to be looked at; all others go on as they are.</summary>
    async Task<List<int>> DueAsync(List<WatchPosition> positions, long end, CancellationToken cancel)
    {
        var quiet = new List<WatchedWorkspace>();
        var due = new List<int>();
        foreach (var position in positions)
            if (watched.TryGetValue(position.Workspace, out var known) && known.Revision == position.Revision
                && !known.IsFilling && !known.IsBehind(position, end))
                quiet.Add(known);
            else
                due.Add(position.Workspace);
        var moving = await MovingFacts.OfAsync(store, quiet, end, cancel);
        foreach (var workspace in quiet)
            if (moving.Contains(workspace.Workspace.Key))
                due.Add(workspace.Workspace.Key);
            else
                workspace.GoOn(end);
        return due;
    }

    // One that fails holds up nobody else's.
    async Task TryLookAsync(int key, long end, CancellationToken cancel)
    {
        try
        {
            if (await tenants.WorkspaceAsync(key) is { } workspace)
                await LookAsync(watched.GetOrAdd(key, _ => new WatchedWorkspace(workspace)), end, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // What was found and is not told is found again.
            if (watched.TryGetValue(key, out var known))
                known.Distrust();
            if (StoreAway.Is(failure))
                throw;
            Failures.Failed(failure, $"{Work} of workspace {key}", "it is tried again within a minute");
        }
    }

    /// <summary>Looks at the alerts of a workspace up to a minute, and tells what is crossed.</summary>
    public async Task LookAsync(WatchedWorkspace workspace, long end, CancellationToken cancel)
    {
        List<FoundCrossing> found;
        await using (var read = await BoundedRead.OpenForLongAsync(store, cancel))
        {
            if (await WatchPosition.OfAsync(read.Connection, workspace.Workspace.Key, read.Cancel) is not { } stored)
                return;
            var position = stored.AsOf(end);
            if (workspace.Revision != position.Revision || workspace.Called != position.Era.Version)
                await TakeAsync(workspace, position, read);
            var began = Clock.GetTimestamp();
            await workspace.HoldAsync(read, position, end, () => Clock.GetElapsedTime(began) < Turn * workspace.Patience);
            found = await new FindingsToTell(read, position).OfAsync(await workspace.LookAsync(read, position, end));
        }

        await TellAsync(workspace, found, end, cancel);
    }

    static async Task TakeAsync(WatchedWorkspace workspace, WatchPosition position, BoundedRead read)
    {
        var key = workspace.Workspace.Key;
        var alerts = await EnabledAlerts.OfAsync(read.Connection, key, read.Cancel);
        workspace.KnownTooLarge = [.. alerts.Where(alert => alert.TooLarge).Select(alert => alert.Id)];
        var taken = new List<WatchedAlert>();
        foreach (var alert in alerts)
            taken.Add(await WatchedAlert.Of(alert).CalledAsync(read.Connection, key, read.Cancel));
        workspace.Take(position.Revision, taken, await AlertTelling.OpenAsync(read.Connection, key, read.Cancel));
        workspace.Called = position.Era.Version;
    }

    async Task TellAsync(WatchedWorkspace workspace, List<FoundCrossing> found, long end, CancellationToken cancel)
    {
        var tooLarge = workspace.IsFilling ? workspace.KnownTooLarge : workspace.TooLarge;
        if ((found.Count > 0 || !tooLarge.SetEquals(workspace.KnownTooLarge))
            && !await telling.SaveAsync(workspace.Workspace, workspace.Revision!.Value, end, found, tooLarge, cancel))
        {
            workspace.Distrust();
            return;
        }

        foreach (var alert in tooLarge.Except(workspace.KnownTooLarge))
            TooLarge(alert, workspace.Workspace.Id);
        workspace.KnownTooLarge = tooLarge;
        workspace.Told(found);
        if (found.Exists(crossing => crossing.Finding.IsCrossed))
            wakeOutbox(); // whoever waits for the writer would hold up others
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Alert {Alert} of {Workspace} has more values than can be held: it is not looked at until its window has gone by, or it changes")]
    partial void TooLarge(Guid alert, Guid workspace);
}
