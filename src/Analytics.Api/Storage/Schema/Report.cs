using System.ComponentModel.DataAnnotations.Schema;
using Analytics.Time;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>A saved question, and when it is asked by itself.</summary>
[Table("reports"), PrimaryKey(nameof(WorkspaceKey), nameof(Id))]
sealed class Report
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The question as it was sent.</summary>
    [Column(TypeName = "json")]
    public required string Query { get; set; }

    /// <summary>Null where it has no schedule.</summary>
    public string? Every { get; set; }
    public TimeOnly? At { get; set; }

    /// <summary>Whose clocks the schedule goes by; null for the workspace's.</summary>
    public string? Timezone { get; set; }

    /// <summary>The time of its next run.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When to look at it next: it is due then, or a run that failed is tried again.</summary>
    public DateTimeOffset? AgainAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The times at which it runs, in its own zone or its workspace's; null where it has no schedule.</summary>
    public Schedule? ScheduleIn(Workspace workspace)
    {
        Zones.TryFind(Timezone ?? workspace.Timezone, out var zone);
        return this is { Every: { } every, At: { } at } ? new(every, at, zone) : null;
    }

    /// <summary>Has it run at the next of these times.</summary>
    public void PlanAfter(DateTimeOffset instant, Workspace workspace) => DueAt = AgainAt = ScheduleIn(workspace)?.NextAfter(instant);
}

/// <summary>What a report came to at a time that was due.</summary>
[Table("report_runs"), PrimaryKey(nameof(WorkspaceKey), nameof(ReportId), nameof(At))]
sealed class ReportRun
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid ReportId { get; init; }
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Status { get; init; }
    public required int Rows { get; init; }

    /// <summary>Null where the question was refused.</summary>
    [Column(TypeName = "jsonb")]
    public string? Answer { get; init; }

    /// <summary>Why it was refused.</summary>
    [Column(TypeName = "jsonb")]
    public string? Problems { get; init; }
}

/// <summary>What becomes of schedules when the zone changes that they go by.</summary>
static class FollowedZone
{
    /// <summary>Reports that go by their workspace's clocks are due when these say so; those that are due already stay due.</summary>
    public static async Task FollowZoneAsync(this AnalyticsDb db, Workspace workspace, DateTimeOffset now, CancellationToken cancel)
    {
        var planned = await db.Set<Report>()
            .Where(report => report.WorkspaceKey == workspace.Key && report.Timezone == null && report.DueAt > now).ToListAsync(cancel);
        foreach (var report in planned)
            report.PlanAfter(now, workspace);
    }
}
