using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>What keys of workspaces and of users have in common.</summary>
static class KeyRows
{
    public static Task<Page<KeyAnswer>> PageAsync(IQueryable<ApiKey> keys, PageRequest page, CancellationToken cancel) =>
        new Keyset<ApiKey, string>(k => k.Id)
            .By("created_at", k => k.CreatedAt).By("name", k => k.Name).By("id", k => k.Id)
            .By("expires_at", k => k.ExpiresAt).By("customer_id", k => k.CustomerId)
            .PageAsync(keys.AsNoTracking().Where(k => k.RevokedAt == null), page, KeyAnswer.Of, cancel);

    /// <summary>Revokes the key the query finds, and tells who did; 404 when there is none, or none any more.</summary>
    public static async Task RevokeAsync(
        this AnalyticsDb db, IQueryable<ApiKey> query, AuditTrail audit, Caller by, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var key = await query.AsNoTracking().SingleOrDefaultAsync(cancel) ?? throw ProblemException.NotFound();
        var revoked = await query.Where(k => k.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), cancel);
        if (revoked == 0)
            throw ProblemException.NotFound();
        await audit.TellWhereGoodAsync(key, AuditRecords.KeyRevoked(key, by), now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
