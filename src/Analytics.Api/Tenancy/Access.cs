namespace Analytics.Tenancy;

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
