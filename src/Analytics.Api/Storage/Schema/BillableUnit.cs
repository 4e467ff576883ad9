using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>
/// A billable unit of a workspace. <see cref="Number"/> is its number in the workspace, which cells carry; it is never used again: a
/// changed definition is another row under the same key. A deleted one stays as a row.
/// </summary>
[Table("billable_units"), PrimaryKey(nameof(WorkspaceKey), nameof(Number))]
sealed class BillableUnit
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    [Column("unit"), DatabaseGenerated(DatabaseGeneratedOption.None)]
    public required int Number { get; init; }

    /// <summary>Unique among the workspace's units that are not deleted.</summary>
    public required string Key { get; init; }
    public required string Name { get; set; }
    public required string UnitLabel { get; set; }
    public required string Aggregation { get; init; }
    public required string EventName { get; init; }
    public string? Field { get; init; }
    public string? ProductType { get; init; }
    [Column(TypeName = "jsonb")]
    public required string Filters { get; init; }

    /// <summary>The number of the last event before it: writers count those after.</summary>
    public required long Since { get; init; }

    /// <summary>Whether what was stored before it is counted too.</summary>
    public required bool Ready { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }
}
