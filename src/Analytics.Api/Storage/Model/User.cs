using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

/// <summary>How users are stored.</summary>
sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users").HasKey(u => u.Id);
    }
}

/// <summary>How memberships are stored.</summary>
sealed class MembershipRowMapping : IEntityTypeConfiguration<MembershipRow>
{
    public void Configure(EntityTypeBuilder<MembershipRow> builder)
    {
        builder.ToTable("memberships").HasKey(m => new { m.WorkspaceKey, m.UserId });
        builder.Property(m => m.WorkspaceKey).HasColumnName("workspace_id");
    }
}
