namespace Analytics.Tenancy;

/// <summary>
/// The scope an action needs in the workspace it acts on. Read by the authorisation, by the OpenAPI document and by
/// the test that walks every route.
/// </summary>
public sealed class RequireScopeAttribute(string scope) : AccessAttribute
{
    public string Scope { get; } = scope;

    public override string Name => Scope;

    /// <summary>
    /// The action parses its own body (bulk ingest) and calls <c>http.NameWorkspaceAsync</c> with the workspace the body
    /// names, or null, before it uses <c>http.Workspace</c>.
    /// </summary>
    public bool ReadsOwnBody { get; init; }
}
