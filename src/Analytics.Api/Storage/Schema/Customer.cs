using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>A customer of a workspace, known by our id and, when given, by the product's own.</summary>
[Table("customers"), PrimaryKey(nameof(WorkspaceKey), nameof(Id))]
sealed class Customer
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid Id { get; init; }
    public string? ExternalId { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }
    [Column(TypeName = "jsonb")]
    public string? Metadata { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}
