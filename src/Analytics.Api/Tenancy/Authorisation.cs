using Analytics.Http;
using Analytics.Storage.Model;
using Microsoft.Extensions.Options;

namespace Analytics.Tenancy;

/// <summary>
/// Decides before the body is read whether the caller may use the route, and in which workspace: 401 without a caller,
/// 404 for a workspace the caller is not in, 403 for a missing scope or role.
/// </summary>
public sealed class Authorisation(
    RequestDelegate next, Credentials credentials, TenantDirectory directory, IOptions<AccessOptions> options, ILogger<Authorisation> log)
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
            case OpenAttribute:
            case RequireRootAttribute { IsOpenOnManagementPort: true } when http.Connection.LocalPort == managementPort:
                await next(http);
                return;
            case RequireScopeAttribute scope:
                http.Caller = await credentials.CallerOfAsync(http.Request, scope.TakesToken);
                await AllowScopeAsync(http, scope);
                break;
            case { } management:
                http.Caller = await credentials.CallerOfAsync(http.Request);
                await AllowManagementAsync(http, management);
                break;
            default:
                throw new InvalidOperationException($"{endpoint.DisplayName} does not say who may call it.");
        }

        using (log.BeginScope(new KeyValuePair<string, object?>[] { new("Workspace", http.WorkspaceOrNull?.Id), new("Key", http.Caller.KeyId) }))
            await next(http);
    }

    async Task AllowScopeAsync(HttpContext http, RequireScopeAttribute access)
    {
        if (http.Caller is RootCaller)
            throw ProblemException.Forbidden("The root key manages workspaces, users and keys; it sees no data.");
        if (access.WorkspaceInPath is { } name)
            Settle(http, access, await InPathAsync(http, name));
        else if (access.SpansWorkspaces && http.Caller is UserCaller user)
            AllowAnywhere(user, access, WorkspaceNames.InQuery(http.Request.Query));
        else if (access.ReadsOwnBody)
            AllowSomewhere(http, access);
        else
            await SettleAsync(http, access, await InBodyAsync(http.Request));
    }

    async Task AllowManagementAsync(HttpContext http, AccessAttribute access)
    {
        if (access is RequireSelfAttribute self)
        {
            http.Caller.RequireSelf(Id(http, self.UserInPath));
            return;
        }
        if (access is RequireAdminAttribute { SelfInPath: { } own } && http.Caller is UserCaller user && user.UserId == Id(http, own))
            return;
        if (access.WorkspaceInPath is { } name)
            http.Workspace = await InPathAsync(http, name);
        http.Caller.RequireManagement(access, http.WorkspaceOrNull);
    }

    // A user who is in no workspace yet may wait for one.
    static void AllowAnywhere(UserCaller user, RequireScopeAttribute access, IReadOnlyList<Guid> named)
    {
        if (named.Any(id => user.Seats.All(seat => seat.Workspace.Id != id)))
            throw ProblemException.NotFound();
        if (user.Seats.Count > 0 && !user.Seats.Any(seat => access.Allows(user, seat.Workspace)))
            throw ProblemException.Forbidden($"The key lacks the scope {access.Scope}.");
    }

    // The workspace waits for the body, everything else is decided: bad callers never get their body read.
    static void AllowSomewhere(HttpContext http, RequireScopeAttribute access)
    {
        var named = WorkspaceNames.InQuery(http.Request.Query);
        if (named.Count > 0 || http.Caller is not UserCaller { Seats.Count: > 1 } user)
            Settle(http, access, ChosenWorkspace.Of(http, named));
        else if (!user.Seats.Any(seat => seat.Allows(access.Scope)))
            throw ProblemException.Forbidden($"The key lacks the scope {access.Scope}.");
    }

    /// <summary>Settles the workspace by the query and what the body names.</summary>
    public static Task SettleAsync(HttpContext http, RequireScopeAttribute access, Guid? inBody)
    {
        var named = WorkspaceNames.InQuery(http.Request.Query);
        Settle(http, access, ChosenWorkspace.Of(http, inBody is { } id ? [.. named, id] : named));
        return Task.CompletedTask;
    }

    static void Settle(HttpContext http, RequireScopeAttribute access, Workspace workspace)
    {
        if (!http.Caller.IsIn(workspace))
            throw ProblemException.NotFound();
        if (!access.Allows(http.Caller, workspace))
            throw ProblemException.Forbidden($"The key lacks the scope {access.Scope}.");
        http.Workspace = workspace;
        http.BoundCustomer = (http.Caller as WorkspaceCaller)?.Customer;
    }

    async Task<Workspace> InPathAsync(HttpContext http, string name)
    {
        var text = http.GetRouteValue(name)?.ToString() ?? "";
        var workspace = Guid.TryParse(text, out var id) ? await directory.WorkspaceAsync(id) : throw BadId(name);
        // Workspace keys mean their own workspace, whatever else they say.
        if (http.Caller is WorkspaceCaller)
            ChosenWorkspace.Of(http, WorkspaceNames.InQuery(http.Request.Query));
        return workspace is not null && http.Caller.IsIn(workspace) ? workspace : throw ProblemException.NotFound();
    }

    static Guid Id(HttpContext http, string name) =>
        Guid.TryParse(http.GetRouteValue(name)?.ToString(), out var id) ? id : throw BadId(name);

    static ProblemException BadId(string name) => ProblemException.Invalid(new Problem(name, "uuid", $"{name} must be a UUID."));

    static Task<Guid?> InBodyAsync(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? Task.FromResult<Guid?>(null)
            : WorkspaceNames.InBodyAsync(request, request.HttpContext.RequestAborted);
}
