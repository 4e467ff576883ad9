using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>A product of a workspace. Events and requests say its key; those that came before it do too.</summary>
[Table("products"), PrimaryKey(nameof(WorkspaceKey), nameof(Key))]
sealed class Product
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required string Key { get; init; }
    public required string Name { get; set; }
    public required string Type { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}
