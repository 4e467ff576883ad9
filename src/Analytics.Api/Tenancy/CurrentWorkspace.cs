using Analytics.Storage.Model;

namespace Analytics.Tenancy;

/// <summary>Who is calling and where, as the authorisation found it. Never from the body alone.</summary>
static class CurrentWorkspace
{
    static readonly object CallerItem = new();
    static readonly object WorkspaceItem = new();
    static readonly object CustomerItem = new();

    extension(HttpContext http)
    {
        /// <summary>Whose credential the request carries; not there on open routes.</summary>
        public Caller Caller
        {
            get => (Caller)(http.Items[CallerItem] ?? throw new InvalidOperationException("The action is open to anybody."));
            set => http.Items[CallerItem] = value;
        }

        /// <summary>The workspace this request acts on.</summary>
        public Workspace Workspace
        {
            get => (Workspace)(http.Items[WorkspaceItem] ?? throw new InvalidOperationException("The action has no [RequireScope]."));
            set => http.Items[WorkspaceItem] = value;
        }

        /// <summary>The workspace, when the route acts on one and it is settled.</summary>
        public Workspace? WorkspaceOrNull => (Workspace?)http.Items[WorkspaceItem];

        /// <summary>The only customer a portal key may read and write; null for every other key.</summary>
        public Customer? BoundCustomer
        {
            get => (Customer?)http.Items[CustomerItem];
            set => http.Items[CustomerItem] = value;
        }

        /// <summary>
        /// For actions that parse their own body, once it is there: looks again who is calling, and settles the workspace with the one
        /// the body names (null when it names none). 404 when the caller is not in it, 400 when it stays open which one is meant.
        /// </summary>
        public async Task NameWorkspaceAsync(Guid? inBody)
        {
            http.Caller = await http.RequestServices.GetRequiredService<Credentials>().CallerOfAsync(http.Request);
            var named = WorkspaceNames.Of(http);
            var access = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RequireScopeAttribute>();
            Authorisation.Settle(http, access, ChosenWorkspace.Of(http, inBody is { } id ? [.. named, id] : named));
        }
    }
}
