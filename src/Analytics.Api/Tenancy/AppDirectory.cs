using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Tenancy;

/// <summary>Finds the app that a path names by its UUID or natural id, among those of the caller's workspaces.</summary>
sealed class AppDirectory(IDbContextFactory<AnalyticsDb> store)
{
    /// <summary>
    /// The apps of that name with their workspaces: of a user who names no workspace there may be one in each. 404 when there is none.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="name">The app's UUID or natural id.</param>
    /// <param name="named">The workspaces that the request names.</param>
    public async Task<IReadOnlyList<(App App, Workspace Workspace)>> FindAsync(HttpContext http, string name, IReadOnlyList<Guid> named)
    {
        IReadOnlyList<Workspace> workspaces = named.Count == 0 && http.Caller is UserCaller user
            ? [.. user.Memberships.Select(membership => membership.Workspace)]
            : [ChosenWorkspace.Of(http, named)];
        var keys = workspaces.Select(workspace => workspace.Key).ToArray();
        var isId = Guid.TryParse(name, out var id);
        await using var db = await store.CreateDbContextAsync(http.RequestAborted);
        var found = await db.Set<App>().AsNoTracking()
            .Where(app => keys.Contains(app.WorkspaceKey) && app.DeletedAt == null && (app.NaturalId == name || (isId && app.Id == id)))
            .OrderBy(app => app.WorkspaceKey).ToListAsync(http.RequestAborted);
        return found.Count > 0
            ? [.. found.Select(app => (app, workspaces.First(workspace => workspace.Key == app.WorkspaceKey)))]
            : throw ProblemException.NotFound();
    }

    /// <summary>The only one of what was found; 400 when there are several.</summary>
    public static (App App, Workspace Workspace) Only(HttpContext http, IReadOnlyList<(App App, Workspace Workspace)> found) =>
        found is [var only]
            ? only
            : throw ProblemException.Invalid(new Problem(
                WorkspaceName.On(http.GetEndpoint()!.Metadata), "required",
                "Name the workspace: several of yours have an app of that name."));
}
