using System.Text.Json;
using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Reports;

/// <summary>Saved reports of a workspace, and what they come to.</summary>
sealed class ReportsQuery(AnalyticsDb db, QueryReading reading, TimeProvider clock)
{
    public Task<Page<ReportAnswer>> ListAsync(Workspace workspace, ReportsRequest request, PageRequest page, CancellationToken cancel) =>
        new Keyset<Report, Guid>(report => report.Id)
            .By("id", report => report.Id).By("name", report => report.Name).By("nextRunAt", report => report.DueAt)
            .By("createdAt", report => report.CreatedAt).By("updatedAt", report => report.UpdatedAt)
            .PageAsync(request.Passing(Of(workspace)), page, ReportAnswer.Of, cancel);

    /// <summary>A report; null when the workspace has none of this id.</summary>
    public Task<Report?> FindAsync(Workspace workspace, Guid id, CancellationToken cancel) =>
        Of(workspace).FirstOrDefaultAsync(report => report.Id == id, cancel);

    /// <summary>What a report comes to now.</summary>
    public Task<QueryAnswer> RunAsync(Workspace workspace, Report report, CancellationToken cancel)
    {
        var request = JsonSerializer.Deserialize<QueryRequest>(report.Query, Json.Camel)!;
        return reading.AnswerAsync(workspace, AskedQuery.Of(request, workspace, clock.GetStoreNow()), cancel);
    }

    /// <summary>The kept runs, the latest first; null when there is no such report.</summary>
    public async Task<ReportRuns?> RunsAsync(Workspace workspace, Guid report, CancellationToken cancel)
    {
        var runs = await RunsOf(workspace, report).OrderByDescending(run => run.At)
            .Select(run => new ReportRunAnswer(run.Id, run.At, run.Status, run.Rows)).ToListAsync(cancel);
        return runs is [] && await FindAsync(workspace, report, cancel) is null ? null : new(runs);
    }

    /// <summary>What a kept run came to; null when there is none of this id. One that was refused is refused here.</summary>
    public async Task<QueryAnswer?> RunAsync(Workspace workspace, Guid report, Guid id, CancellationToken cancel)
    {
        var run = await RunsOf(workspace, report).FirstOrDefaultAsync(run => run.Id == id, cancel);
        return run switch
        {
            null => null,
            { Answer: { } answer } => JsonSerializer.Deserialize<QueryAnswer>(answer, Json.Camel),
            _ => throw ProblemException.Invalid(JsonSerializer.Deserialize<Problem[]>(run.Problems!, Json.Camel)!),
        };
    }

    IQueryable<Report> Of(Workspace workspace) => db.Set<Report>().AsNoTracking().Where(report => report.WorkspaceKey == workspace.Key);

    IQueryable<ReportRun> RunsOf(Workspace workspace, Guid report) =>
        db.Set<ReportRun>().AsNoTracking().Where(run => run.WorkspaceKey == workspace.Key && run.ReportId == report);
}
