using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Features.Business.Reports;

/// <summary>What reports come to.</summary>
[ApiController, CamelCase, Route("api/v1/analytics/reports/{id}"), RequireScope(Scopes.StatsRead)]
sealed class ReportRunsController(ReportsQuery reports, Links links, TimeProvider time) : ControllerBase
{
    /// <summary>What a report comes to now, as its question is answered.</summary>
    /// <param name="id">The report's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("run"), Example(Answer = ExampleOfAnswer)]
    public async Task<QueryAnswer> RunReport(Guid id, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace;
        var report = await reports.FindAsync(workspace, id, cancel) ?? throw ProblemException.NotFound();
        return await reports.RunAsync(workspace, report, cancel);
    }

    /// <summary>The last 30 runs that were scheduled, the latest first.</summary>
    /// <param name="id">The report's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("runs"), Example(Answer = """
        {"data":[{"id":"019d0e0a-7c00-7000-8000-000000000002","at":"2026-03-09T07:00:00Z","status":"ok","rows":3}]}
        """)]
    public async Task<ReportRuns> ListReportRuns(Guid id, CancellationToken cancel) =>
        await reports.RunsAsync(HttpContext.Workspace, id, cancel) ?? throw ProblemException.NotFound();

    /// <summary>What a run came to at its time; one whose question was refused answers 400 and why.</summary>
    /// <param name="id">The report's id.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("runs/{run}"), Example(Answer = ExampleOfAnswer)]
    public async Task<QueryAnswer> GetReportRun(Guid id, Guid run, CancellationToken cancel) =>
        await reports.RunAsync(HttpContext.Workspace, id, run, cancel) ?? throw ProblemException.NotFound();

    /// <summary>
    /// Makes a link that opens what the report comes to at that moment without a key, as a page or with <c>format=csv</c>, with the rights
    /// of the key that made it. It ends with that key, with the report, or when it expires.
    /// </summary>
    /// <param name="id">The report's id.</param>
    /// <param name="request">Until when.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPost("links"), ProducesResponseType<ReportLink>(201), Example(Request = """{"expiresAt":null}""", Answer = """
        {"url":"https://analytics.example.com/api/v1/analytics/reports/links/link_mQ0","expiresAt":"2026-03-18T09:30:00Z"}
        """)]
    public async Task<IActionResult> ShareReport(
        Guid id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] NewReportRunLink? request, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace;
        if (await reports.FindAsync(workspace, id, cancel) is null)
            throw ProblemException.NotFound();
        var expiresAt = request?.ExpiresAt ?? time.UsualLinkExpiry();
        var text = await links.MakeAsync(
            SharedRunsController.Template, new(HttpContext.Caller.KeyId, workspace.Key, expiresAt, [$"{id}"]), cancel);
        var url = $"{Request.OwnAddress}{SharedRunsController.Path}/{text}";
        return Created(url, new ReportLink(url, expiresAt));
    }

    const string ExampleOfAnswer = """
        {"columns":["_llm.model","sum(_llm.total_tokens)"],"rows":[["large",81200],["small",6400]],"partial":false,
         "scannedFrom":null}
        """;
}
