namespace Analytics.Storage.Model;

/// <summary>A person who may belong to several workspaces.</summary>
sealed class User
{
    public required Guid Id { get; init; }
    public required string Email { get; set; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A user's role in a workspace: viewer, member, admin or owner.</summary>
sealed class MembershipRow
{
    public required int WorkspaceKey { get; init; }
    public required Guid UserId { get; init; }
    public required string Role { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}
