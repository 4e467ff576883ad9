using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>What a workspace wants to be told of: a query or a statistic, the window it is asked over, and when it is crossed.</summary>
[Table("alerts"), PrimaryKey(nameof(WorkspaceKey), nameof(Id))]
sealed class Alert
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; set; }
    public required bool Enabled { get; set; }
    public required string Severity { get; set; }

    /// <summary>JSON, as it was asked; null where a statistic is watched.</summary>
    [Column(TypeName = "json")]
    public string? Query { get; set; }

    /// <summary>JSON, as it was asked; null where a query is watched.</summary>
    [Column(TypeName = "jsonb")]
    public string? Statistic { get; set; }

    /// <summary>How long the window is.</summary>
    public required string Span { get; set; }
    [Column(TypeName = "jsonb")]
    public required string Condition { get; set; }

    /// <summary>Whether what it watches is more than can be held.</summary>
    public bool TooLarge { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}
