using Analytics.Contract;

namespace Analytics.Tenancy;

/// <summary>The workspace of a request whose action reads the body by itself.</summary>
static class WorkspaceInBody
{
    extension(HttpContext http)
    {
        /// <summary>
        /// For actions that parse their own body, once it is there: looks again who is calling, and settles the workspace, and the app
        /// in the path, with the one the body names (null when it names none). 404 when the caller is not in it, 400 when it stays open
        /// which one is meant.
        /// </summary>
        public async Task NameWorkspaceAsync(Guid? inBody)
        {
            http.Caller = await http.RequestServices.GetRequiredService<Credentials>().CallerOfAsync(http.Request);
            var access = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RequireScopeAttribute>();
            IReadOnlyList<Guid> named = inBody is { } id ? [.. WorkspaceNames.Of(http), id] : WorkspaceNames.Of(http);
            if (access.AppInPath is not { } name)
            {
                Authorisation.Settle(http, access, ChosenWorkspace.Of(http, named));
                return;
            }

            if (inBody is null && http.AppOrNull is { } known)
            {
                Authorisation.Settle(http, access, (known, ChosenWorkspace.Of(http, [http.Workspace.Id])));
                return;
            }

            var apps = http.RequestServices.GetRequiredService<AppDirectory>();
            var found = await apps.FindAsync(http, http.GetRouteValue(name)?.ToString() ?? "", named);
            Authorisation.Settle(http, access, AppDirectory.Only(http, found));
        }
    }
}
