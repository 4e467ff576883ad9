using System.Globalization;
using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Time;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Reports;

/// <summary>A report to save.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Query">
/// The question, as <c>POST /api/v1/analytics/query</c> takes it; with a <c>period</c> it is up to date at every run.
/// </param>
/// <param name="Schedule">When it runs by itself; without it only when it is asked for.</param>
public sealed record SavedReport(string? Name, QueryRequest? Query, ReportSchedule? Schedule);

/// <summary>When a report runs by itself.</summary>
/// <param name="Every">How often: a week's run is on Monday, a month's on the 1st.</param>
/// <param name="At">
/// When on that day, <c>HH:MM</c>. Where the clocks skip it, it runs as soon as they did; where they show it twice, at the first.
/// </param>
/// <param name="Timezone">Whose clocks: an IANA time zone; the workspace's by default.</param>
public sealed record ReportSchedule(
    [property: OneOf(typeof(Schedule), nameof(Schedule.Intervals))] string? Every, string? At, string? Timezone)
{
    internal const string TimeFormat = "HH:mm";

    internal static ReportSchedule? Of(Report report) => report.Every is null
        ? null
        : new(report.Every, report.At!.Value.ToString(TimeFormat, CultureInfo.InvariantCulture), report.Timezone);
}

/// <summary>A report as clients see it.</summary>
/// <param name="Id">What it is found by.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Query">The question.</param>
/// <param name="Schedule">When it runs by itself; null when it does not.</param>
/// <param name="NextRunAt">When it runs next; null without a schedule.</param>
/// <param name="CreatedAt">When it was saved.</param>
/// <param name="UpdatedAt">When it was saved last.</param>
public sealed record ReportAnswer(
    Guid Id, string Name, QueryRequest Query, ReportSchedule? Schedule, DateTimeOffset? NextRunAt, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static ReportAnswer Of(Report report) => new(
        report.Id, report.Name, JsonSerializer.Deserialize<QueryRequest>(report.Query, Json.Camel)!, ReportSchedule.Of(report),
        report.DueAt, report.CreatedAt, report.UpdatedAt);
}

/// <summary>Which reports to list.</summary>
public sealed record ReportsRequest
{
    /// <summary>Part of the name.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>The reports that pass; a filter without a value asks for nothing.</summary>
    internal IQueryable<Report> Passing(IQueryable<Report> reports)
    {
        string[] parts = [.. Q.OfType<string>().Select(LikePattern.Containing)];
        return parts is []
            ? reports
            : reports.Where(report => parts.Any(part => EF.Functions.ILike(report.Name, part, LikePattern.Escape)));
    }
}

/// <summary>The kept runs of a report, the last 30, the latest first.</summary>
public sealed record ReportRuns(IReadOnlyList<ReportRunAnswer> Data);

/// <summary>A run that was scheduled.</summary>
/// <param name="Id">What its answer is found by.</param>
/// <param name="At">The time that was due: it counts what happened before.</param>
/// <param name="Status">
/// <c>partial</c> when not all of it could be counted in the time there is; <c>failed</c> when the question was refused: its answer is why.
/// </param>
/// <param name="Rows">How many rows its answer has.</param>
public sealed record ReportRunAnswer(
    Guid Id, DateTimeOffset At, [property: OneOf(typeof(RunStatus), nameof(RunStatus.All))] string Status, int Rows);

/// <summary>A link to a report to make.</summary>
/// <param name="ExpiresAt">When it ends: in 7 days by default, at most in 30.</param>
public sealed record NewReportRunLink(DateTimeOffset? ExpiresAt);

/// <summary>How a run ended.</summary>
static class RunStatus
{
    public const string Ok = "ok";
    public const string Partial = "partial";
    public const string Failed = "failed";

    public static readonly string[] All = [Ok, Partial, Failed];
}
