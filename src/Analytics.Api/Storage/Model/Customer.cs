using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Analytics.Storage.Model;

/// <summary>A customer of a workspace, known by our id and, when given, by the product's own.</summary>
sealed class Customer
{
    public required int WorkspaceKey { get; init; }
    public required Guid Id { get; init; }
    public string? ExternalId { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }
    public string? Metadata { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>How customers are stored.</summary>
sealed class CustomerMapping : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("customers").HasKey(c => new { c.WorkspaceKey, c.Id });
        builder.Property(c => c.WorkspaceKey).HasColumnName("workspace_id");
        builder.Property(c => c.Metadata).HasColumnType("jsonb");
    }
}
