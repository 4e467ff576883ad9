using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Tenancy;

/// <summary>
/// Tells in the event log what is changed in the same context: saved with the change, by the outbox, and delivered when that is committed.
/// </summary>
sealed class AuditTrail(AnalyticsDb db, DeliverOutbox deliver)
{
    const int AtOnce = 4;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly HashSet<Workspace> told = [];

    /// <summary>Adds a record to what the context saves next.</summary>
    public void Tell(Workspace workspace, AuditRecord record, DateTimeOffset at)
    {
        db.Set<OutboxRow>().Add(record.InOutbox(workspace.Key, workspace.Id, at));
        told.Add(workspace);
    }

    /// <summary>The same in every workspace that a key is good in.</summary>
    public async Task TellWhereGoodAsync(ApiKey key, AuditRecord record, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (var workspace in await db.WhereGoodAsync(key, cancel))
            Tell(workspace, record, at);
    }

    /// <summary>Delivers what was told, after the commit. What holds it up does not concern the caller: it is delivered later.</summary>
    public async Task DeliverAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        await Parallel.ForEachAsync(
            told, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (workspace, _) => await deliver(workspace, workspace.Id, patience.Token));
    }
}

/// <summary>Where a key opens something.</summary>
static class KeyReach
{
    /// <summary>Its workspace; of a user's key all workspaces of the user, unless an invitation confines it to one.</summary>
    public static Task<List<Workspace>> WhereGoodAsync(this AnalyticsDb db, ApiKey key, CancellationToken cancel)
    {
        var (only, user) = (key.WorkspaceKey, key.UserId);
        return db.Set<Workspace>().AsNoTracking()
            .Where(w => only != null
                ? w.Key == only
                : db.Set<MembershipRow>().Any(member => member.WorkspaceKey == w.Key && member.UserId == user))
            .OrderBy(w => w.Key).ToListAsync(cancel);
    }
}
