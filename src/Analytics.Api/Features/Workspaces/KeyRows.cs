using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage.Schema;
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

    /// <summary>Revokes the key the query finds; 404 when there is none, or none any more.</summary>
    public static async Task RevokeAsync(IQueryable<ApiKey> key, DateTimeOffset now, CancellationToken cancel)
    {
        var revoked = await key.Where(k => k.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), cancel);
        if (revoked == 0)
            throw ProblemException.NotFound();
    }
}
