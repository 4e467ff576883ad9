using System.Globalization;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Reports;

/// <summary>Writes reports, new ones under their workspace's lock: so they are counted before one is added.</summary>
sealed class ReportChanges(AnalyticsDb db, TimeProvider time)
{
    const int MostReports = 500;

    public async Task<Report> AddAsync(Workspace workspace, SavedReport request, CancellationToken cancel)
    {
        var now = time.GetStoreNow();
        Check(request.Query!, workspace, now);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await db.LockAsync(workspace.Key, cancel))
            throw ProblemException.NotFound();
        if (await Of(workspace).CountAsync(cancel) >= MostReports)
            throw ProblemException.Conflict("", $"A workspace has at most {MostReports} reports.");
        var added = new Report
        {
            WorkspaceKey = workspace.Key,
            Id = Guid.CreateVersion7(now),
            Name = request.Name!,
            Query = TextOf(request.Query!),
            CreatedAt = now,
            UpdatedAt = now,
        };
        Plan(added, request.Schedule, workspace, now);
        db.Set<Report>().Add(added);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return added;
    }

    public async Task<Report> ReplaceAsync(Workspace workspace, Guid id, SavedReport request, CancellationToken cancel)
    {
        var now = time.GetStoreNow();
        var replaced = await Of(workspace).FirstOrDefaultAsync(report => report.Id == id, cancel) ?? throw ProblemException.NotFound();
        Check(request.Query!, workspace, now);
        (replaced.Name, replaced.Query, replaced.UpdatedAt) = (request.Name!, TextOf(request.Query!), now);
        // One that is due stays due.
        if (ReportSchedule.Of(replaced) != request.Schedule)
            Plan(replaced, request.Schedule, workspace, now);
        await db.SaveChangesAsync(cancel);
        return replaced;
    }

    public async Task DeleteAsync(Workspace workspace, Guid id, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // The report first: a run that is being saved is there by then, or finds no report.
        if (await Of(workspace).Where(report => report.Id == id).ExecuteDeleteAsync(cancel) == 0)
            throw ProblemException.NotFound();
        await db.Set<ReportRun>().Where(run => run.WorkspaceKey == workspace.Key && run.ReportId == id).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    static void Plan(Report report, ReportSchedule? schedule, Workspace workspace, DateTimeOffset now)
    {
        (report.Every, report.Timezone) = (schedule?.Every, schedule?.Timezone);
        report.At = schedule is null
            ? null
            : TimeOnly.ParseExact(schedule.At!, ReportSchedule.TimeFormat, CultureInfo.InvariantCulture);
        report.PlanAfter(now, workspace);
    }

    /// <summary>What of a question only the clock and the workspace tell.</summary>
    static void Check(QueryRequest query, Workspace workspace, DateTimeOffset now)
    {
        try
        {
            AskedQuery.Of(query, workspace, now);
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status400BadRequest)
        {
            throw ProblemException.Invalid([.. refused.Errors.Select(
                problem => problem with { Pointer = $"/query/{problem.Pointer.TrimStart('/')}" })]);
        }
    }

    static string TextOf(QueryRequest query) => JsonSerializer.Serialize(query, Json.Camel);

    IQueryable<Report> Of(Workspace workspace) => db.Set<Report>().Where(report => report.WorkspaceKey == workspace.Key);
}
