using System.Collections.Concurrent;
using Analytics.Contract;
using Analytics.Storage;

namespace Analytics.Tenancy;

/// <summary>
/// Looks again at the rights of every request that lasts longer than a second, whatever it waits for: a body, a lock, a queue, many
/// rows. One whose key was revoked, expired or lost its workspace, role or customer is ended, well within five seconds.
/// </summary>
sealed class RightsWatch(CurrentCallers callers, StoreReadiness readiness, TimeProvider clock, ILogger<RightsWatch> log)
    : RepeatedJob(readiness, clock, log)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<WatchedRequest, byte> underWay = [];

    /// <summary>
    /// Does what is left of an authenticated request under watch. A stream, which a token may open, is looked after by its own room;
    /// the root key lives as long as the process.
    /// </summary>
    public async Task DuringAsync(HttpContext http, AccessAttribute access, Func<Task> rest)
    {
        if (http.Caller is RootCaller || access is RequireScopeAttribute { TakesToken: true })
        {
            await rest();
            return;
        }

        var clientGone = http.RequestAborted;
        using var request = new WatchedRequest(http.Caller.KeyId, access, Clock.GetTimestamp(), clientGone);
        http.Watched = request;
        http.RequestAborted = request.Ended;
        underWay.TryAdd(request, 0);
        try
        {
            await rest();
        }
        catch (Exception) when (request.Refusal is not null && !clientGone.IsCancellationRequested)
        {
            if (!http.Response.HasStarted)
                throw request.Refusal;
            http.Abort();
        }
        finally
        {
            underWay.TryRemove(request, out _);
            http.RequestAborted = clientGone;
        }
    }

    protected override string Work => "Looking at the rights of requests";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var lasting = new List<WatchedRequest>();
        foreach (var (request, _) in underWay)
            if (Clock.GetElapsedTime(request.Since) >= Fresh)
                lasting.Add(request);
        if (lasting.Count == 0)
            return;
        var now = await callers.ReadAsync([.. lasting.Select(request => request.KeyId).Distinct()], cancel);
        foreach (var request in lasting)
            request.Look(now.GetValueOrDefault(request.KeyId));
    }
}
