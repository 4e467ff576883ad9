namespace Analytics.Contract;

/// <summary>
/// Who may call a route. Every route declares it with one of the attributes below; read by the authorisation, by the
/// OpenAPI document and by the test that walks every route.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
abstract class AccessAttribute : Attribute
{
    /// <summary>What the documentation calls it: a scope, or root, admin, self, open.</summary>
    public abstract string Name { get; }

    /// <summary>The route value that holds the workspace's id, when the path decides which workspace is meant.</summary>
    public string? WorkspaceInPath { get; init; }
}

/// <summary>Anybody, without a key.</summary>
sealed class OpenAttribute : AccessAttribute
{
    public override string Name => "open";

    /// <summary>No key is needed, but it has to be the service's own page that asks.</summary>
    public bool IsForOwnPage { get; init; }
}

/// <summary>The root key only.</summary>
sealed class RequireRootAttribute : AccessAttribute
{
    public override string Name => "root";

    /// <summary>No key is needed on the port <c>Analytics:ManagementPort</c>, which stays inside.</summary>
    public bool IsOpenOnManagementPort { get; init; }
}

/// <summary>
/// The root key, or an admin of the workspace in the path; on routes without one, an admin of any workspace.
/// </summary>
sealed class RequireAdminAttribute : AccessAttribute
{
    public override string Name => "admin";

    /// <summary>The route value that holds a user's id, when users may do this for themselves.</summary>
    public string? SelfInPath { get; init; }
}

/// <summary>The root key, or the user whose id is in the path, with a key of their own.</summary>
sealed class RequireSelfAttribute : AccessAttribute
{
    public override string Name => "self";

    /// <summary>The route value that holds the user's id.</summary>
    public string UserInPath { get; init; } = "id";
}

/// <summary>A key with the scope in the workspace the route acts on, or with <see cref="Or"/>.</summary>
sealed class RequireScopeAttribute(string scope) : AccessAttribute
{
    /// <summary>Instead of a scope: any key of the workspace, whatever its scopes, and the key of any of its members.</summary>
    public const string AnyKey = "any key";

    public string Scope { get; } = scope;

    public override string Name => LinkInPath is null ? Scope : "open";

    /// <summary>
    /// The action parses its own body (bulk ingest) and calls <c>http.NameWorkspaceAsync</c> with the workspaces that
    /// the body names before it uses <c>http.Workspace</c>.
    /// </summary>
    public bool ReadsOwnBody { get; init; }

    /// <summary>Another scope that will do as well.</summary>
    public string? Or { get; init; }

    /// <summary>The route value that names an app, by UUID or natural id: the path decides which workspace is meant.</summary>
    public string? AppInPath { get; init; }

    /// <summary>The action spans all workspaces of the caller: none is chosen, and the scope has to be held in one of a user's.</summary>
    public bool SpansWorkspaces { get; init; }

    /// <summary>A stream token will do for a key.</summary>
    public bool TakesToken { get; init; }

    /// <summary>
    /// The route value that holds a link, which is good for the route instead of a key: the link stands for the key that made it, and says
    /// what may be seen with it.
    /// </summary>
    public string? LinkInPath { get; init; }

    /// <summary>
    /// The action restricts itself to <c>http.BoundCustomer</c>, so that a portal key may call it. Any other route is closed to those.
    /// </summary>
    public bool OfCustomer { get; init; }
}
