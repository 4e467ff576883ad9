using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Analytics.Storage.Model;

/// <summary>A workspace key (with scopes, perhaps bound to one customer) or a user key. Only a hash of the secret is kept.</summary>
sealed class ApiKey
{
    /// <summary>The eight characters between <c>ak_</c> and the secret.</summary>
    public required string Id { get; init; }
    public required byte[] SecretHash { get; init; }
    public int? WorkspaceKey { get; init; }
    public Guid? UserId { get; init; }
    public required string Name { get; set; }
    public string[] Scopes { get; init; } = [];
    public Guid? CustomerId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>How keys are stored.</summary>
sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys").HasKey(k => k.Id);
        builder.Property(k => k.WorkspaceKey).HasColumnName("workspace_id");
    }
}
