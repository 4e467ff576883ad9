using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>Somebody who is asked to become a member of a workspace, and has not come yet.</summary>
[Table("invitations"), PrimaryKey(nameof(Id))]
sealed class Invitation
{
    public required Guid Id { get; init; }
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required string Role { get; init; }
    public required byte[] CodeHash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
