using Analytics.Contract;
using Analytics.Storage.Schema;
using Microsoft.Extensions.Options;

namespace Analytics.Tenancy;

/// <summary>
/// Decides whether the caller may use the route, and in which workspace: 401 without a caller, 404 for a workspace the caller is
/// not in, 403 for a missing scope or role; a link that is not good is 401 whatever it lacks. A body is read for callers only, and rights
/// are looked at when it is there; what lasts stays under watch.
/// </summary>
sealed class Authorisation(
    RequestDelegate next, Credentials credentials, RightsWatch watch, TenantDirectory directory, AppDirectory apps,
    IOptions<AccessOptions> options, ILogger<Authorisation> log)
{
    readonly int? managementPort = options.Value.ManagementPort;

    public async Task InvokeAsync(HttpContext http)
    {
        // Routing's own endpoints (405, 415) and unknown routes have nothing to protect.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http);
            return;
        }

        switch (endpoint.Metadata.GetMetadata<AccessAttribute>())
        {
            case OpenAttribute { IsForOwnPage: true }:
                OwnPage.Require(http.Request);
                await next(http);
                break;
            case OpenAttribute:
            case RequireRootAttribute { IsOpenOnManagementPort: true } when http.Connection.LocalPort == managementPort:
                await next(http);
                break;
            case { } access:
                await IdentifyAsync(http, access);
                await watch.DuringAsync(http, access, () => AllowAsync(http, access));
                break;
            default:
                throw new InvalidOperationException($"{endpoint.DisplayName} does not say who may call it.");
        }
    }

    async Task IdentifyAsync(HttpContext http, AccessAttribute access) => http.Caller =
        access is RequireScopeAttribute { LinkInPath: not null } linked
        ? await http.RequestServices.GetRequiredService<Links>().CallerOfAsync(http, linked)
        : await credentials.CallerOfAsync(http.Request, access is RequireScopeAttribute { TakesToken: true });

    async Task AllowAsync(HttpContext http, AccessAttribute access)
    {
        var scope = access as RequireScopeAttribute;
        if (scope is not { ReadsOwnBody: true } && JsonBody.MayCome(http))
        {
            await JsonBody.ReadAsync(http, http.Caller.Tenant);
            // Whose key was revoked while the body came has no rights any more.
            await IdentifyAsync(http, access);
        }

        await (scope is null ? AllowManagementAsync(http, access) : AllowScopeAsync(http, scope));
        KeyValuePair<string, object?>[] who = [new("Workspace", http.WorkspaceOrNull?.Id), new("Key", http.Caller.KeyId)];
        using (log.BeginScope(who))
            await next(http);
    }

    async Task AllowScopeAsync(HttpContext http, RequireScopeAttribute access)
    {
        if (http.Caller is RootCaller)
            throw ProblemException.Forbidden("The root key manages workspaces, users and keys; it sees no data.");
        if (access.WorkspaceInPath is { } name)
            Settle(http, access, await InPathAsync(http, name));
        else if (access.AppInPath is { } app)
            await AllowAppAsync(http, access, http.GetRouteValue(app)?.ToString() ?? "");
        else if (access.LinkInPath is not null)
            Settle(http, access, http.Link.Workspace);
        else if (access.SpansWorkspaces && http.Caller is UserCaller user)
            AllowAnywhere(user, access, WorkspaceNames.Of(http));
        else if (access.ReadsOwnBody)
            AllowSomewhere(http, access);
        else
            Settle(http, access, ChosenWorkspace.Of(http, WorkspaceNames.Of(http)));
    }

    async Task AllowManagementAsync(HttpContext http, AccessAttribute access)
    {
        if (access is RequireSelfAttribute self)
        {
            http.Caller.RequireSelf(Id(http, self.UserInPath));
            return;
        }
        if (access is RequireAdminAttribute { SelfInPath: { } own } && http.Caller is UserCaller user && user.IsSelf(Id(http, own)))
            return;
        if (access.WorkspaceInPath is { } name)
            ActIn(http, await InPathAsync(http, name));
        else
            RequireOwn(http);
        http.Caller.RequireManagement(access, http.WorkspaceOrNull);
    }

    // A user who is in no workspace yet may wait for one.
    static void AllowAnywhere(UserCaller user, RequireScopeAttribute access, IReadOnlyList<Guid> named)
    {
        if (named.Any(id => user.Memberships.All(membership => membership.Workspace.Id != id)))
            throw ProblemException.NotFound();
        if (user.Memberships.Count > 0 && !user.Memberships.Any(membership => user.Allows(access, membership.Workspace)))
            throw Rights.Lacks(access.Scope);
    }

    // The workspace waits for the body, everything else is decided: bad callers never get their body read.
    static void AllowSomewhere(HttpContext http, RequireScopeAttribute access)
    {
        var named = WorkspaceNames.Of(http);
        if (named.Count > 0 || http.Caller is not UserCaller { Memberships.Count: > 1 } user)
            Settle(http, access, ChosenWorkspace.Of(http, named));
        else if (!user.Memberships.Any(membership => user.Allows(access, membership.Workspace)))
            throw Rights.Lacks(access.Scope);
    }

    internal static void Settle(HttpContext http, RequireScopeAttribute access, Workspace workspace)
    {
        if (!http.Caller.IsIn(workspace))
            throw ProblemException.NotFound();
        if (!http.Caller.Allows(access, workspace))
            throw Rights.Lacks(access.Scope);
        var bound = (http.Caller as WorkspaceCaller)?.Customer;
        if (bound is not null && !access.OfCustomer)
            throw ProblemException.Forbidden("The key is bound to one customer; this is the whole workspace's.");
        ActIn(http, workspace);
        http.BoundCustomer = bound;
    }

    static void ActIn(HttpContext http, Workspace workspace)
    {
        http.Workspace = workspace;
        http.Watched?.ActsIn(workspace);
    }

    async Task<Workspace> InPathAsync(HttpContext http, string name)
    {
        var text = http.GetRouteValue(name)?.ToString() ?? "";
        RequireOwn(http);
        return await directory.NamedAsync(text) is { } workspace && http.Caller.IsIn(workspace)
            ? workspace
            : throw ProblemException.NotFound();
    }

    // Of several apps of that name a body that the action reads itself may say which one is meant.
    async Task AllowAppAsync(HttpContext http, RequireScopeAttribute access, string name)
    {
        var found = await apps.FindAsync(http, name, WorkspaceNames.Of(http));
        if (found.Count == 1 || !access.ReadsOwnBody)
            Settle(http, access, AppDirectory.Only(http, found));
        else if (!found.Any(app => http.Caller.Allows(access, app.Workspace)))
            throw Rights.Lacks(access.Scope);
    }

    internal static void Settle(HttpContext http, RequireScopeAttribute access, (App App, Workspace Workspace) found)
    {
        http.App = found.App;
        Settle(http, access, found.Workspace);
    }

    // Workspace keys mean their own workspace, whatever else they say.
    static void RequireOwn(HttpContext http)
    {
        if (http.Caller is WorkspaceCaller)
            ChosenWorkspace.Of(http, WorkspaceNames.Of(http));
    }

    static Guid Id(HttpContext http, string name) => Guid.TryParse(http.GetRouteValue(name)?.ToString(), out var id)
        ? id
        : throw ProblemException.Invalid(new Problem(name, "uuid", $"{name} must be a UUID."));
}
