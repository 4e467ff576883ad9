using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>A person who may belong to several workspaces.</summary>
[Table("users"), PrimaryKey(nameof(Id))]
sealed class User
{
    public required Guid Id { get; init; }
    public required string Email { get; set; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A user's role in a workspace: viewer, member, admin or owner.</summary>
[Table("memberships"), PrimaryKey(nameof(WorkspaceKey), nameof(UserId))]
sealed class MembershipRow
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid UserId { get; init; }
    public required string Role { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// How a workspace's admins brought a user in. Whether the user was here before is none of their business, so they see the name they gave
/// and when they gave it.
/// </summary>
[Table("introductions"), PrimaryKey(nameof(WorkspaceKey), nameof(UserId))]
sealed class Introduction
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid UserId { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
