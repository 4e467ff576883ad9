using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Tenancy;

/// <summary>Who the holders of some keys are now, for what stays open longer than a request. Many keys at once, past all caches.</summary>
sealed class CurrentCallers(IDbContextFactory<AnalyticsDb> store, TimeProvider time)
{
    /// <summary>The callers by their key's id; one whose key, workspace or customer is gone is missing.</summary>
    public async Task<Dictionary<string, Caller>> ReadAsync(IReadOnlyCollection<string> keyIds, CancellationToken cancel)
    {
        await using var db = await store.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        var keys = await db.Set<ApiKey>().AsNoTracking()
            .Where(key => keyIds.Contains(key.Id) && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now))
            .ToListAsync(cancel);
        var workspaceKeys = keys.Select(key => key.WorkspaceKey).OfType<int>().Distinct().ToList();
        var workspaces = await db.Set<Workspace>().AsNoTracking()
            .Where(w => workspaceKeys.Contains(w.Key)).ToDictionaryAsync(w => w.Key, cancel);
        var customers = await CustomersAsync(db, keys, cancel);
        var memberships = await MembershipsAsync(db, keys, cancel);

        var callers = new Dictionary<string, Caller>(StringComparer.Ordinal);
        foreach (var key in keys)
            if (key.UserId is { } user)
            {
                if (UserCaller.Of(key, user, [.. memberships[user]]) is { } caller)
                    callers.Add(key.Id, caller);
            }
            else if (workspaces.TryGetValue(key.WorkspaceKey!.Value, out var workspace)
                && (key.CustomerId is null || customers.ContainsKey((workspace.Key, key.CustomerId.Value))))
                callers.Add(key.Id, new WorkspaceCaller(
                    key.Id, workspace, key.Scopes, key.CustomerId is { } bound ? customers[(workspace.Key, bound)] : null));
        return callers;
    }

    static async Task<Dictionary<(int, Guid), Customer>> CustomersAsync(AnalyticsDb db, List<ApiKey> keys, CancellationToken cancel)
    {
        var ids = keys.Select(key => key.CustomerId).OfType<Guid>().Distinct().ToList();
        return ids.Count == 0
            ? []
            : await db.Set<Customer>().AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => (c.WorkspaceKey, c.Id), cancel);
    }

    static async Task<ILookup<Guid, Membership>> MembershipsAsync(AnalyticsDb db, List<ApiKey> keys, CancellationToken cancel)
    {
        var users = keys.Select(key => key.UserId).OfType<Guid>().Distinct().ToList();
        var query =
            from membership in db.Set<MembershipRow>().AsNoTracking()
            join workspace in db.Set<Workspace>().AsNoTracking() on membership.WorkspaceKey equals workspace.Key
            where users.Contains(membership.UserId)
            orderby workspace.Key
            select new { membership.UserId, Membership = new Membership(workspace, membership.Role) };
        return (users.Count == 0 ? [] : await query.ToListAsync(cancel)).ToLookup(row => row.UserId, row => row.Membership);
    }
}
