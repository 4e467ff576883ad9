using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>A user as the caller knows them.</summary>
sealed class KnownUser
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// Which users a caller knows, and what of them. Admins know the members of their workspaces and whom they brought in, and of those what
/// they sent: nothing tells them whether an email was here before. See docs/decisions/0016.
/// </summary>
static class KnownUsers
{
    /// <summary>All of them with the root key, else the members of the workspaces the caller manages.</summary>
    public static IQueryable<KnownUser> KnownTo(this AnalyticsDb db, Caller caller)
    {
        if (caller is RootCaller)
            return db.Themselves();
        var managed = caller.Managed().Select(workspace => workspace.Key).ToList();
        return
            from user in db.Set<User>().AsNoTracking()
            where db.Set<MembershipRow>().Any(m => m.UserId == user.Id && managed.Contains(m.WorkspaceKey))
            let introduced = db.Set<Introduction>().Where(i => i.UserId == user.Id && managed.Contains(i.WorkspaceKey))
                .OrderBy(i => i.WorkspaceKey).FirstOrDefault()
            select new KnownUser
            {
                Id = user.Id,
                Email = user.Email,
                Name = introduced == null ? user.Name : introduced.Name,
                CreatedAt = introduced == null ? user.CreatedAt : introduced.CreatedAt,
            };
    }

    /// <summary>Users as they are.</summary>
    public static IQueryable<KnownUser> Themselves(this AnalyticsDb db) => db.Set<User>().AsNoTracking()
        .Select(user => new KnownUser { Id = user.Id, Email = user.Email, Name = user.Name, CreatedAt = user.CreatedAt });

    /// <summary>Whether the caller may make a user a member: anybody with the root key, else whom they know or brought in.</summary>
    public static Task<bool> MayJoinAsync(this AnalyticsDb db, Caller caller, Guid user, CancellationToken cancel)
    {
        if (caller is RootCaller)
            return db.Set<User>().AnyAsync(u => u.Id == user, cancel);
        var managed = caller.Managed().Select(workspace => workspace.Key).ToList();
        return db.Set<User>().AnyAsync(
            u => u.Id == user && (db.Set<MembershipRow>().Any(m => m.UserId == user && managed.Contains(m.WorkspaceKey))
                || db.Set<Introduction>().Any(i => i.UserId == user && managed.Contains(i.WorkspaceKey))), cancel);
    }

    /// <summary>
    /// Brings a user into the workspaces the caller manages, and answers what these know of them. Does the same whether the email was
    /// free or taken.
    /// </summary>
    public static async Task<KnownUser> IntroduceAsync(this AnalyticsDb db, Caller caller, User user, CancellationToken cancel)
    {
        var managed = caller.Managed().Select(workspace => workspace.Key).ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var id = await db.IntroduceAsync(user, managed, cancel);
        var since = await db.Set<Introduction>().Where(i => i.UserId == id && managed.Contains(i.WorkspaceKey))
            .MinAsync(i => i.CreatedAt, cancel);
        await transaction.CommitAsync(cancel);
        return new KnownUser { Id = id, Email = user.Email, Name = user.Name, CreatedAt = since };
    }
}
