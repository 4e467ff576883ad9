using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Reports;

/// <summary>Saved reports of a workspace: questions that are asked again and again.</summary>
[ApiController, CamelCase, Route("api/v1/analytics/reports")]
sealed class ReportsController(ReportsQuery reports, ReportChanges changes) : ControllerBase
{
    /// <summary>
    /// Saves a report, of which the workspace has at most 500. With a schedule it also runs by itself: each run is kept, and told once as
    /// <c>report.ready</c> in the event log.
    /// </summary>
    [HttpPost, RequireScope(Scopes.ReportsWrite), ProducesResponseType<ReportAnswer>(201)]
    [Example(Request = ExampleOfNew, Answer = ExampleOfOne)]
    public async Task<IActionResult> CreateReport(SavedReport request, CancellationToken cancel)
    {
        var report = await changes.AddAsync(HttpContext.Workspace, request, cancel);
        return Created($"{Request.PathBase}/api/v1/analytics/reports/{report.Id}", ReportAnswer.Of(report));
    }

    /// <summary>The workspace's reports, the latest first.</summary>
    [HttpGet, RequireScope(Scopes.StatsRead), Example(Answer = ExampleOfList)]
    [Paged("-createdAt", "createdAt", "updatedAt", "name", "nextRunAt", "id")]
    public Task<Page<ReportAnswer>> ListReports([FromQuery] ReportsRequest request, CancellationToken cancel) =>
        reports.ListAsync(HttpContext.Workspace, request, HttpContext.Paging, cancel);

    /// <summary>A report.</summary>
    /// <param name="id">The report's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("{id}"), RequireScope(Scopes.StatsRead), Example(Answer = ExampleOfOne)]
    public async Task<ReportAnswer> GetReport(Guid id, CancellationToken cancel) =>
        ReportAnswer.Of(await reports.FindAsync(HttpContext.Workspace, id, cancel) ?? throw ProblemException.NotFound());

    /// <summary>Saves a report in the place of another: name, query and schedule. The runs that were kept stay.</summary>
    /// <param name="id">The report's id.</param>
    /// <param name="request">All that it is from now on; without a schedule it does not run by itself any more.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPut("{id}"), RequireScope(Scopes.ReportsWrite), ReportInPath, Example(Request = ExampleOfNew, Answer = ExampleOfOne)]
    public async Task<ReportAnswer> ReplaceReport(Guid id, SavedReport request, CancellationToken cancel) =>
        ReportAnswer.Of(await changes.ReplaceAsync(HttpContext.Workspace, id, request, cancel));

    /// <summary>Deletes a report with its runs; links to it open nothing any more.</summary>
    /// <param name="id">The report's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpDelete("{id}"), RequireScope(Scopes.ReportsWrite), ProducesResponseType(204)]
    public async Task<IActionResult> DeleteReport(Guid id, CancellationToken cancel)
    {
        await changes.DeleteAsync(HttpContext.Workspace, id, cancel);
        return NoContent();
    }

    const string ExampleOfNew = """
        {"name":"Tokens by model",
         "query":{"metrics":[{"aggregation":"sum","field":"_llm.total_tokens"}],"dimensions":["_llm.model"],"period":"7d"},
         "schedule":{"every":"week","at":"08:00","timezone":"Europe/Paris"}}
        """;

    const string ExampleOfList = $$$"""{"data":[{{{ExampleOfOne}}}],"meta":{"nextCursor":null}}""";

    const string ExampleOfOne = """
        {"id":"019d0e0a-7c00-7000-8000-000000000001","name":"Tokens by model",
         "query":{"metrics":[{"aggregation":"sum","field":"_llm.total_tokens"}],"dimensions":["_llm.model"],"period":"7d"},
         "schedule":{"every":"week","at":"08:00","timezone":"Europe/Paris"},"nextRunAt":"2026-03-16T07:00:00Z",
         "createdAt":"2026-03-11T09:30:00Z","updatedAt":"2026-03-11T09:30:00Z"}
        """;
}
