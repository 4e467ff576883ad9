using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>
/// An app of a workspace. <see cref="Number"/> is its number in the workspace, which facts carry; it is never used again. A deleted app
/// stays as a row: its facts keep counting for the workspace.
/// </summary>
[Table("apps"), PrimaryKey(nameof(WorkspaceKey), nameof(Number))]
sealed class App
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    [Column("app"), DatabaseGenerated(DatabaseGeneratedOption.None)]
    public required int Number { get; init; }
    public required Guid Id { get; init; }

    /// <summary><c>owner:slug</c>, unique among the workspace's apps that are not deleted.</summary>
    public required string NaturalId { get; set; }
    public required string Name { get; set; }
    public required long QuotaBytes { get; set; }

    /// <summary>The schema of its Postgres workspace; null until that is made.</summary>
    public string? SchemaName { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
}
