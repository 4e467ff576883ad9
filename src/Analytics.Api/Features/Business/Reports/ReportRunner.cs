using System.Text.Json;
using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Npgsql;

namespace Analytics.Features.Business.Reports;

/// <summary>
/// Runs reports when they are due, and tells each run once. Any node may, and one that dies leaves its report to the others. Times that
/// went by while no node was there are made up for by one run, of the last of them.
/// </summary>
sealed class ReportRunner(
    NpgsqlDataSource store, QueryReading reading, TenantDirectory tenants, DeliverOutbox deliver, StoreReadiness readiness,
    TimeProvider clock, ILogger<ReportRunner> log) : WorkspaceJob(readiness, clock, log)
{
    protected override string Work => "Running reports";

    protected override Task<List<int>> WaitingAsync(CancellationToken cancel) =>
        store.QueryAsync(DueReport.WaitingSql, [Clock.GetStoreNow().UtcDateTime], row => row.GetInt32(0), cancel);

    protected override async Task<bool> StepAsync(int key, CancellationToken cancel)
    {
        var now = Clock.GetStoreNow();
        if (await tenants.WorkspaceAsync(key) is not { } workspace
            || await DueReport.TakeAsync(store, key, now, cancel) is not { Report: var report } due)
            return false;
        var schedule = report.ScheduleIn(workspace)!;
        var at = schedule.LastBy(report.DueAt!.Value, now);
        var run = await RunAsync(workspace, report, at, cancel);
        if (await due.SaveAsync(store, workspace, run, schedule.NextAfter(at), Clock.GetStoreNow(), cancel))
            await deliver(workspace, workspace.Id, cancel);
        return true;
    }

    /// <summary>
    /// What the report comes to, as if it were asked right before its time: at midnight a week's run has the week that is over. A question
    /// that is refused would be refused again.
    /// </summary>
    async Task<FinishedRun> RunAsync(Workspace workspace, Report report, DateTimeOffset at, CancellationToken cancel)
    {
        try
        {
            var request = JsonSerializer.Deserialize<QueryRequest>(report.Query, Json.Camel)!;
            var asked = AskedQuery.Of(request, workspace, at.AddMicroseconds(-1));
            // Without an end it goes up to the time itself.
            var isOpen = request is { From: not null, To: null };
            asked = asked with { Range = asked.Range with { To = asked.Range.To < at && !isOpen ? asked.Range.To : at } };
            var answer = await reading.AnswerAsync(workspace, asked, cancel);
            return new(at, answer, []) { Owners = await RunOwners.OfAsync(reading, workspace, asked, answer, cancel) };
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status400BadRequest)
        {
            return new(at, null, refused.Errors);
        }
    }
}
