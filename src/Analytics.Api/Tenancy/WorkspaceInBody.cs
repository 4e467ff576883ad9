using Analytics.Contract;

namespace Analytics.Tenancy;

/// <summary>The workspace of a request whose action reads the body by itself.</summary>
static class WorkspaceInBody
{
    extension(HttpContext http)
    {
        /// <summary>
        /// For actions that parse their own body, once it is there: looks again who is calling, and settles the workspace, and the app
        /// in the path, with what the body names. 404 when the caller is not in it, 400 when it stays open which one is meant.
        /// </summary>
        public async Task NameWorkspaceAsync(IReadOnlyList<(string Pointer, Guid Id)> inBody)
        {
            http.Caller = await http.RequestServices.GetRequiredService<Credentials>().CallerOfAsync(http.Request);
            var access = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RequireScopeAttribute>();
            foreach (var (_, id) in inBody)
                ChosenWorkspace.Of(http, [id]);
            if (inBody is [var one, .., var other] && one.Id != other.Id)
                throw ProblemException.Invalid(new Problem(other.Pointer, "conflict", "The body names two workspaces."));
            IReadOnlyList<Guid> named = [.. WorkspaceNames.Of(http), .. inBody.Select(name => name.Id)];
            if (access.AppInPath is not { } path)
                Authorisation.Settle(http, access, ChosenWorkspace.Of(http, named));
            else if (inBody.Count == 0 && http.AppOrNull is { } known)
                Authorisation.Settle(http, access, (known, ChosenWorkspace.Of(http, [http.Workspace.Id])));
            else
            {
                var apps = http.RequestServices.GetRequiredService<AppDirectory>();
                var found = await apps.FindAsync(http, http.GetRouteValue(path)?.ToString() ?? "", named);
                Authorisation.Settle(http, access, AppDirectory.Only(http, found));
            }
        }
    }
}
