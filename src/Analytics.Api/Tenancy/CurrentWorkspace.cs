using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>Where a request acts, as the authorisation found it. Never from the body alone.</summary>
static class CurrentWorkspace
{
    static readonly object WorkspaceItem = new();
    static readonly object CustomerItem = new();

    extension(HttpContext http)
    {
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
    }
}

/// <summary>Called after every change to keys, workspaces, memberships and customers: what is remembered of them is read anew.</summary>
delegate void ForgetTenants();
