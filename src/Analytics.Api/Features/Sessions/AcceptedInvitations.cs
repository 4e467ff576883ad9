using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Sessions;

/// <summary>What an invitation becomes when it is opened: a member, and a key for the session. See docs/decisions/0020.</summary>
sealed class AcceptedInvitations(IDbContextFactory<AnalyticsDb> contexts, ForgetTenants forget, TimeProvider time)
{
    /// <summary>
    /// Makes the member, unless they are one: then they keep the role. Gives the id of a key that acts as the user in this workspace only
    /// and whose secret nobody has; null when no invitation has the code, or not any more.
    /// </summary>
    public async Task<string?> AcceptAsync(SignInCode code, CancellationToken cancel)
    {
        var (hash, now) = (code.Hash(), time.GetStoreNow());
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Who comes with the same code at once waits here, and finds nothing.
        var opened = await db.Set<Invitation>()
            .FromSql($"delete from invitations where code_hash = {hash} returning *").AsNoTracking().ToListAsync(cancel);
        if (opened is not [var invitation] || invitation.ExpiresAt <= now)
            return null;
        var key = await JoinAsync(db, invitation, now, cancel);
        await transaction.CommitAsync(cancel);
        forget();
        return key;
    }

    static async Task<string> JoinAsync(AnalyticsDb db, Invitation invitation, DateTimeOffset now, CancellationToken cancel)
    {
        var guest = new User { Id = Guid.NewGuid(), Email = invitation.Email, Name = invitation.Name, CreatedAt = now };
        var user = await db.IntroduceAsync(guest, [invitation.WorkspaceKey], cancel);
        await db.Database.ExecuteSqlAsync($"""
            insert into memberships (workspace_id, user_id, role, created_at)
            values ({invitation.WorkspaceKey}, {user}, {invitation.Role}, {now})
            on conflict (workspace_id, user_id) do nothing
            """, cancel);
        var text = ApiKeyText.New();
        db.Set<ApiKey>().Add(new ApiKey
        {
            Id = text.Id,
            SecretHash = text.SecretHash(),
            WorkspaceKey = invitation.WorkspaceKey,
            UserId = user,
            Name = "invitation",
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancel);
        return text.Id;
    }
}
