using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Tenancy;

/// <summary>Finds the app that a path names by its UUID or natural id, among those of the caller's workspaces.</summary>
sealed class AppDirectory(IDbContextFactory<AnalyticsDb> store)
{
    /// <summary>
    /// The app and its workspace. 404 when the caller sees none; 400 when a user sees several of that name and names no workspace.
    /// </summary>
    public async Task<(App App, Workspace Workspace)> NamedAsync(HttpContext http, string name)
    {
        var workspaces = WorkspacesOf(http);
        var keys = workspaces.Select(workspace => workspace.Key).ToArray();
        var isId = Guid.TryParse(name, out var id);
        await using var db = await store.CreateDbContextAsync(http.RequestAborted);
        var found = await db.Set<App>().AsNoTracking()
            .Where(app => keys.Contains(app.WorkspaceKey) && app.DeletedAt == null && (app.NaturalId == name || (isId && app.Id == id)))
            .OrderBy(app => app.WorkspaceKey).Take(2).ToListAsync(http.RequestAborted);
        return found switch
        {
            [] => throw ProblemException.NotFound(),
            [var only] => (only, workspaces.First(workspace => workspace.Key == only.WorkspaceKey)),
            _ => throw ProblemException.Invalid(new Problem(
                WorkspaceName.On(http.GetEndpoint()!.Metadata), "required",
                "Name the workspace: several of yours have an app of that name.")),
        };
    }

    static IReadOnlyList<Workspace> WorkspacesOf(HttpContext http)
    {
        var named = WorkspaceNames.Of(http);
        return named.Count == 0 && http.Caller is UserCaller user
            ? [.. user.Memberships.Select(membership => membership.Workspace)]
            : [ChosenWorkspace.Of(http, named)];
    }
}
