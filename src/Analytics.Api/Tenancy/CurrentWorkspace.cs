using Analytics.Storage.Model;

namespace Analytics.Tenancy;

/// <summary>Who is calling and where, as the authorisation filter found it. Never from the body alone.</summary>
public static class CurrentWorkspace
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

        /// <summary>The only customer a portal key may read and write; null for every other key.</summary>
        public Customer? BoundCustomer
        {
            get => (Customer?)http.Items[CustomerItem];
            set => http.Items[CustomerItem] = value;
        }
    }
}
