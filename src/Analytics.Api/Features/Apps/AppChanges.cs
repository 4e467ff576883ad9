using Analytics.AppDatabases;
using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Apps;

/// <summary>Writes apps, under their workspace's lock: numbers are given out one after the other, and none twice.</summary>
sealed class AppChanges(AnalyticsDb db, RemoveAppWorkspace remove, TimeProvider time)
{
    public async Task<App> AddAsync(Workspace workspace, NewApp request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        var now = time.GetStoreNow();
        // Deleted apps are counted: facts say their numbers.
        var last = await db.Set<App>().Where(app => app.WorkspaceKey == workspace.Key).MaxAsync(app => (int?)app.Number, cancel);
        var added = new App
        {
            WorkspaceKey = workspace.Key,
            Number = (last ?? 0) + 1,
            Id = Guid.CreateVersion7(now),
            NaturalId = request.NaturalId!,
            Name = request.Name!,
            QuotaBytes = request.QuotaBytes ?? AppRules.UsualQuota,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Set<App>().Add(added);
        await SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return added;
    }

    public async Task<App> ChangeAsync(Workspace workspace, App app, AppChange request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var changed = await LockedAsync(workspace, app, cancel);
        changed.NaturalId = request.NaturalId ?? changed.NaturalId;
        changed.Name = request.Name ?? changed.Name;
        changed.QuotaBytes = request.QuotaBytes ?? changed.QuotaBytes;
        if (!db.ChangeTracker.HasChanges())
            return changed;
        changed.UpdatedAt = time.GetStoreNow();
        await SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return changed;
    }

    public async Task DeleteAsync(Workspace workspace, App app, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var deleted = await LockedAsync(workspace, app, cancel);
        deleted.DeletedAt = time.GetStoreNow();
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await remove(deleted, cancel);
    }

    async Task LockAsync(Workspace workspace, CancellationToken cancel)
    {
        if (!await db.LockAsync(workspace.Key, cancel))
            throw ProblemException.NotFound();
    }

    /// <summary>The app as it is now; 404 when somebody has deleted it meanwhile.</summary>
    async Task<App> LockedAsync(Workspace workspace, App app, CancellationToken cancel)
    {
        await LockAsync(workspace, cancel);
        return await db.Set<App>().FirstOrDefaultAsync(
                row => row.WorkspaceKey == workspace.Key && row.Number == app.Number && row.DeletedAt == null, cancel)
            ?? throw ProblemException.NotFound();
    }

    async Task SaveAsync(CancellationToken cancel)
    {
        if (!await db.TrySaveAsync(cancel))
            throw ProblemException.Conflict("/natural_id", "Another app of the workspace has this natural id.");
    }
}
