using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Tenancy;

/// <summary>Called with a key that is revoked or expired and was used, by somebody who knows its secret.</summary>
delegate void KeyRefused(ApiKey key);

/// <summary>
/// Tells of a key that is not good any more and is used all the same: as <c>login.failed</c>, once in a minute at most. Whoever uses it
/// does not wait for that, and most of its uses come no further than a look into the memory of the node; of those that several nodes
/// notice the key's row lets one through.
/// </summary>
sealed class RefusedKeys(
    IDbContextFactory<AnalyticsDb> contexts, WakeOutbox wakeOutbox, StoreReadiness readiness, TimeProvider clock, ILogger<RefusedKeys> log)
    : RepeatedJob(readiness, clock, log)
{
    // Who has more dead keys than this at work is told of some of them.
    const int MostKnown = 10_000;
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, DateTimeOffset> noticed = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (ApiKey Key, DateTimeOffset At)> waiting = new(StringComparer.Ordinal);

    /// <summary>Notices a use, unless one was noticed a moment ago.</summary>
    public void Notice(ApiKey key)
    {
        var now = Clock.GetStoreNow();
        bool isFirst;
        do
        {
            var isKnown = noticed.TryGetValue(key.Id, out var last);
            if (isKnown ? now - last < Quiet : noticed.Count >= MostKnown)
                return;
            // Of many at once one goes on; the others look again, for what failed may be that an old use was forgotten just then.
            isFirst = isKnown ? noticed.TryUpdate(key.Id, now, last) : noticed.TryAdd(key.Id, now);
        }
        while (!isFirst);

        waiting[key.Id] = (key, now);
        Wake();
    }

    protected override string Work => "Telling of refused keys";

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        foreach (var (id, use) in waiting)
        {
            await TellAsync(use.Key, use.At, cancel);
            waiting.TryRemove(new(id, use));
        }
        foreach (var known in noticed)
            if (Clock.GetUtcNow() - known.Value >= Quiet)
                noticed.TryRemove(known);
    }

    async Task TellAsync(ApiKey key, DateTimeOffset at, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var before = at - Quiet;
        var isFirst = await db.Set<ApiKey>().Where(k => k.Id == key.Id && (k.RefusedAt == null || k.RefusedAt <= before))
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RefusedAt, at), cancel) > 0;
        if (!isFirst)
            return;
        var record = AuditRecords.LoginFailed(key);
        foreach (var workspace in await db.WhereGoodAsync(key, cancel))
            db.Set<OutboxRow>().Add(record.InOutbox(workspace.Key, workspace.Id, at));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        wakeOutbox();
    }
}
