namespace Analytics.Contract;

/// <summary>The names of the controller's or the action's routes are camelCase; without it they are snake_case.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
sealed class CamelCaseAttribute : Attribute;

/// <summary>What requests call the workspace they mean: either word on every route. Answers say the one in the route's spelling.</summary>
static class WorkspaceName
{
    public const string Snake = "workspace_id";
    public const string Camel = "tenantId";

    /// <summary>By a route's metadata: an endpoint's, or what the API explorer tells of one.</summary>
    public static string On(IEnumerable<object> metadata) => metadata.OfType<CamelCaseAttribute>().Any() ? Camel : Snake;
}
