using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Sessions;

/// <summary>What a caller may do where, for a page that shows no more than that.</summary>
sealed class SessionQuery(AnalyticsDb db, TenantDirectory directory)
{
    /// <summary>The caller; <paramref name="endsAt"/> is when the session does, null without one.</summary>
    public async Task<SessionAnswer> AnswerAsync(Caller caller, DateTimeOffset? endsAt, CancellationToken cancel)
    {
        // Who has just been let in has a key.
        var key = (await directory.KeyAsync(caller.KeyId))!;
        var expiresAt = endsAt ?? key.ExpiresAt;
        return caller switch
        {
            WorkspaceCaller { Customer: { } bound } portal => new(
                "workspace", key.Name, [Of(portal.Workspace, portal.Scopes.Intersect(Scopes.OfCustomers))],
                new(bound.Id, bound.ExternalId, bound.Name), expiresAt),
            WorkspaceCaller own => new("workspace", key.Name, [Of(own.Workspace, own.Scopes)], null, expiresAt),
            UserCaller user => new(
                "user", await NameAsync(user, cancel), [.. user.Memberships.Select(at => Of(at.Workspace, Scopes.OfRole(at.Role)))], null,
                expiresAt),
            _ => throw new InvalidOperationException($"{caller} has no session."),
        };
    }

    // Who came by an invitation is told what its admins know: they may be looking on.
    Task<string> NameAsync(UserCaller user, CancellationToken cancel) => user.IsInvited
        ? db.Set<Introduction>()
            .Where(one => one.UserId == user.UserId && one.WorkspaceKey == user.Memberships[0].Workspace.Key)
            .Select(one => one.Name).SingleAsync(cancel)
        : db.Set<User>().Where(one => one.Id == user.UserId).Select(one => one.Name).SingleAsync(cancel);

    static SessionWorkspace Of(Workspace workspace, IEnumerable<string> scopes) => new(
        workspace.Id, workspace.Slug, workspace.Name, workspace.Timezone, workspace.Currency, workspace.RetentionDays, [.. scopes]);
}
