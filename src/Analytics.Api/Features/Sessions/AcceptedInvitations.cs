using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Sessions;

/// <summary>What an invitation becomes when it is opened: a member, and a key for the session. See docs/decisions/0020.</summary>
sealed class AcceptedInvitations(
    IDbContextFactory<AnalyticsDb> contexts, WakeOutbox wakeOutbox, ForgetTenants forget, TimeProvider time)
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
        // Others wait for the caller's place: they do not wait for what is told, too.
        wakeOutbox();
        return key;
    }

    static async Task<string> JoinAsync(AnalyticsDb db, Invitation invitation, DateTimeOffset now, CancellationToken cancel)
    {
        var guest = new User { Id = Guid.NewGuid(), Email = invitation.Email, Name = invitation.Name, CreatedAt = now };
        var user = await db.IntroduceAsync(guest, [invitation.WorkspaceKey], cancel);
        var isNew = await db.Database.ExecuteSqlAsync($"""
            insert into memberships (workspace_id, user_id, role, created_at)
            values ({invitation.WorkspaceKey}, {user}, {invitation.Role}, {now})
            on conflict (workspace_id, user_id) do nothing
            """, cancel) > 0;
        var text = ApiKeyText.New();
        var key = new ApiKey
        {
            Id = text.Id,
            SecretHash = text.SecretHash(),
            WorkspaceKey = invitation.WorkspaceKey,
            UserId = user,
            Name = "invitation",
            CreatedAt = now,
        };
        db.Set<ApiKey>().Add(key);
        await TellAsync(db, key, isNew ? invitation.Role : null, now, cancel);
        await db.SaveChangesAsync(cancel);
        return key.Id;
    }

    // Whoever opened the link did it: as the member that they are now.
    static async Task TellAsync(AnalyticsDb db, ApiKey key, string? newRole, DateTimeOffset now, CancellationToken cancel)
    {
        var (workspace, user) = (key.WorkspaceKey!.Value, key.UserId!.Value);
        var by = new UserCaller(key.Id, user, []);
        var subject = await db.Set<Workspace>().Where(w => w.Key == workspace).Select(w => w.Id).SingleAsync(cancel);
        if (newRole is not null)
            db.Set<OutboxRow>().Add(AuditRecords.MemberChanged(user, null, newRole, by).InOutbox(workspace, subject, now));
        db.Set<OutboxRow>().Add(AuditRecords.KeyCreated(key, by).InOutbox(workspace, subject, now));
    }
}
