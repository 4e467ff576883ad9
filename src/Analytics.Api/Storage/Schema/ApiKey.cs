using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>
/// A workspace key (with scopes, perhaps bound to one customer) or a user key, which an invitation confines to its workspace. Only a hash
/// of the secret is kept.
/// </summary>
[Table("api_keys"), PrimaryKey(nameof(Id))]
sealed class ApiKey
{
    /// <summary>The eight characters between <c>ak_</c> and the secret.</summary>
    public required string Id { get; init; }
    public required byte[] SecretHash { get; init; }
    [Column("workspace_id")]
    public int? WorkspaceKey { get; init; }
    public Guid? UserId { get; init; }
    public required string Name { get; set; }
    public string[] Scopes { get; init; } = [];
    public Guid? CustomerId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When the log last told that it was used although it is not good any more.</summary>
    public DateTimeOffset? RefusedAt { get; init; }
}
