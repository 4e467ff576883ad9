using Analytics.Contract;

namespace Analytics.Tenancy;

/// <summary>The workspace of a request whose action reads the body by itself.</summary>
static class WorkspaceInBody
{
    extension(HttpContext http)
    {
        /// <summary>
        /// For actions that parse their own body, once it is there: looks again who is calling, and settles the workspace with the one
        /// the body names (null when it names none). 404 when the caller is not in it, 400 when it stays open which one is meant.
        /// </summary>
        public async Task NameWorkspaceAsync(Guid? inBody)
        {
            http.Caller = await http.RequestServices.GetRequiredService<Credentials>().CallerOfAsync(http.Request);
            var named = WorkspaceNames.Of(http);
            var access = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RequireScopeAttribute>();
            if (access.AppInPath is not null)
                named = [http.Workspace.Id, .. named];
            Authorisation.Settle(http, access, ChosenWorkspace.Of(http, inBody is { } id ? [.. named, id] : named));
        }
    }
}
