using Analytics.Contract;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>What a caller may see and do.</summary>
static class Rights
{
    /// <summary>Whether the workspace exists as far as the caller is told.</summary>
    public static bool IsIn(this Caller caller, Workspace workspace) => caller switch
    {
        RootCaller => true,
        WorkspaceCaller key => key.Workspace.Key == workspace.Key,
        UserCaller user => user.Memberships.Any(membership => membership.Workspace.Key == workspace.Key),
        _ => false,
    };

    public static bool Allows(this Caller caller, string scope, Workspace workspace) => caller switch
    {
        WorkspaceCaller key => key.Workspace.Key == workspace.Key && key.Scopes.Contains(scope),
        UserCaller user => user.Memberships.Any(membership => membership.Workspace.Key == workspace.Key && membership.Allows(scope)),
        _ => false,
    };

    /// <summary>Whether the caller may use the route in the workspace.</summary>
    public static bool Allows(this Caller caller, RequireScopeAttribute access, Workspace workspace) =>
        access.Scope == RequireScopeAttribute.AnyKey
        ? caller.IsIn(workspace)
        : caller.Allows(access.Scope, workspace) || (access.Or is { } other && caller.Allows(other, workspace));

    /// <summary>
    /// Why somebody who was let into a route may not go on there, in the workspace it acts in where that is settled; null when all is
    /// as it was. Without a caller the key is gone.
    /// </summary>
    public static ProblemException? RefusalOf(this Caller? caller, AccessAttribute access, Workspace? workspace) => (caller, access) switch
    {
        (null, _) => ProblemException.Unauthorized(),
        _ when workspace is not null && !caller.IsIn(workspace) => ProblemException.NotFound(),
        (_, RequireScopeAttribute scope) when workspace is not null && !caller.Allows(scope, workspace) => Lacks(scope.Scope),
        (UserCaller { Memberships.Count: > 0 } user, RequireScopeAttribute scope)
            when !user.Memberships.Any(membership => user.Allows(scope, membership.Workspace)) => Lacks(scope.Scope),
        (_, RequireAdminAttribute { SelfInPath: null }) when !caller.Manages(workspace) => Lacks(Scopes.Admin),
        _ => null,
    };

    public static ProblemException Lacks(string scope) => ProblemException.Forbidden($"The key lacks the scope {scope}.");

    /// <summary>Whether the caller manages the workspace; any, where none is named.</summary>
    static bool Manages(this Caller caller, Workspace? workspace) =>
        caller.Managed().Any(managed => workspace is null || managed.Key == workspace.Key);

    /// <summary>The workspaces the caller manages. A portal key manages none: it sees one customer, not the workspace.</summary>
    public static IEnumerable<Workspace> Managed(this Caller caller) => caller switch
    {
        WorkspaceCaller { Customer: null } key when key.Scopes.Contains(Scopes.Admin) => [key.Workspace],
        UserCaller user => user.Memberships.Where(membership => membership.Allows(Scopes.Admin)).Select(membership => membership.Workspace),
        _ => [],
    };

    /// <summary>403 unless the caller is root, or manages the workspace (any, when the route names none).</summary>
    public static void RequireManagement(this Caller caller, AccessAttribute access, Workspace? workspace)
    {
        if (caller is RootCaller)
            return;
        if (access is RequireRootAttribute)
            throw ProblemException.Forbidden("Only the root key may do this.");
        if (!caller.Manages(workspace))
            throw Lacks(Scopes.Admin);
    }

    /// <summary>
    /// Only root and users themselves get at a user's keys. Other users do not see that the user exists; a workspace key is
    /// no user at all.
    /// </summary>
    public static void RequireSelf(this Caller caller, Guid user)
    {
        switch (caller)
        {
            case RootCaller:
            case UserCaller self when self.IsSelf(user):
                return;
            case UserCaller { IsInvited: true } invited when invited.UserId == user:
                throw ProblemException.Forbidden("The session of an invitation is good for its workspace only.");
            case UserCaller:
                throw ProblemException.NotFound();
            default:
                throw ProblemException.Forbidden("Only the root key or the user's own key may do this.");
        }
    }
}
