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
        if (!caller.Managed().Any(managed => workspace is null || managed.Key == workspace.Key))
            throw ProblemException.Forbidden("The key lacks the scope admin.");
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
            case UserCaller self when self.UserId == user:
                return;
            case UserCaller:
                throw ProblemException.NotFound();
            default:
                throw ProblemException.Forbidden("Only the root key or the user's own key may do this.");
        }
    }
}
