using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Reports;

/// <summary>Saved reports that were shared by a link.</summary>
[ApiController, CamelCase, Route(Path)]
// A portal key makes no such link, so there is none that stands for one.
[RequireScope(Scopes.StatsRead, LinkInPath = "link", OfCustomer = true)]
sealed class SharedRunsController(ReportsQuery reports, TimeProvider clock) : ControllerBase
{
    public const string Path = "api/v1/analytics/reports/links";
    public const string Template = Path + "/{link}";

    /// <summary>What the report that a link opens comes to now, as a page; with <c>format=csv</c> a row a row.</summary>
    /// <param name="link">From the <c>url</c> that was answered when it was made.</param>
    /// <param name="cancel">Ends with the request.</param>
    /// <response code="401">The link was spoilt, is over, or its key or its report is gone.</response>
    [HttpGet("{link}"), ProducesResponseType<string>(200, PrintedPage.MediaType, Csv.MediaType)]
    [QueryParameter("format", "csv answers the rows, whatever Accept says.")]
    public async Task<IActionResult> OpenSharedReport(string link, CancellationToken cancel)
    {
        var (opened, workspace) = HttpContext.Link;
        var report = await reports.FindAsync(workspace, Guid.Parse(opened.Opens[0]), cancel) ?? throw ProblemException.Unauthorized();
        var answer = await reports.RunAsync(workspace, report, cancel);
        return Csv.IsAskedBy(Request) ? Ok(answer) : RunPage.Of(Response, report.Name, answer, clock.GetStoreNow());
    }
}
