namespace Analytics.Tenancy;

/// <summary>
/// The scope an action needs in the workspace it acts on. Read by the authorisation filter, by the OpenAPI document and by
/// the test that walks every route.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class RequireScopeAttribute(string scope) : Attribute
{
    public string Scope { get; } = scope;
}
