using Analytics.Storage.Model;

namespace Analytics.Tenancy;

/// <summary>
/// The scope an action needs in the workspace it acts on. Read by the authorisation, by the OpenAPI document and by
/// the test that walks every route.
/// </summary>
sealed class RequireScopeAttribute(string scope) : AccessAttribute
{
    /// <summary>Instead of a scope: any key of the workspace, whatever its scopes, and the key of any of its members.</summary>
    public const string AnyKey = "any key";

    public string Scope { get; } = scope;

    public override string Name => Scope;

    /// <summary>
    /// The action parses its own body (bulk ingest) and calls <c>http.NameWorkspaceAsync</c> with the workspace the body
    /// names, or null, before it uses <c>http.Workspace</c>.
    /// </summary>
    public bool ReadsOwnBody { get; init; }

    /// <summary>Another scope that will do as well.</summary>
    public string? Or { get; init; }

    /// <summary>The action spans all workspaces of the caller: none is chosen, and the scope has to be held in one of a user's.</summary>
    public bool SpansWorkspaces { get; init; }

    /// <summary>A stream token will do for a key.</summary>
    public bool TakesToken { get; init; }

    /// <summary>Whether the caller may use the action in the workspace.</summary>
    public bool Allows(Caller caller, Workspace workspace) => Scope == AnyKey
        ? caller.IsIn(workspace)
        : caller.Allows(Scope, workspace) || (Or is { } other && caller.Allows(other, workspace));
}
