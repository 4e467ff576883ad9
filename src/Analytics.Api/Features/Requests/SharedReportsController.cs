using System.Globalization;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>Reports that were shared by a link.</summary>
[ApiController, CamelCase, Route(Path), RequireScope(Scopes.StatsRead, LinkInPath = "link", OfCustomer = true)]
sealed class SharedReportsController(ReportQuery reports) : ControllerBase
{
    public const string Path = "api/requests/reports";
    public const string Template = Path + "/{link}";

    /// <summary>The report that a link opens, as a page; with <c>format=csv</c> a row a day.</summary>
    /// <param name="link">From the <c>url</c> that was answered when it was made.</param>
    /// <param name="cancel">Ends with the request.</param>
    /// <response code="401">The link was spoilt, is over, or its key or its customer is gone.</response>
    [HttpGet("{link}"), ProducesResponseType<string>(200, PrintedPage.MediaType, Csv.MediaType)]
    [QueryParameter("format", "csv answers a row a day, whatever Accept says.")]
    public async Task<IActionResult> OpenReport(string link, CancellationToken cancel)
    {
        var shared = SharedReport.Of(HttpContext.Link.Link.Opens);
        var request = new ReportRequest { Days = shared.Days, Timezone = shared.Timezone };
        var report = await reports.AnswerAsync(
            HttpContext.Workspace, HttpContext.BoundCustomer, shared.Customer, request, shared.People, cancel);
        if (report is null)
            throw ProblemException.Unauthorized();
        return Csv.IsAskedBy(Request) ? Ok(report.Days) : ReportFormat.Page(Response, report);
    }
}

/// <summary>What a link to a report opens.</summary>
/// <param name="Customer">As it was asked for.</param>
/// <param name="Days">How many.</param>
/// <param name="Timezone">Whose days.</param>
/// <param name="People">Whom the customer's name stood for; somebody else who gets the name later is none of theirs.</param>
sealed record SharedReport(string Customer, int Days, string Timezone, int[] People)
{
    public string[] ToWords() => [Customer, Word(Days), Timezone, .. People.Select(Word)];

    public static SharedReport Of(string[] words) => new(
        words[0], int.Parse(words[1], CultureInfo.InvariantCulture), words[2],
        [.. words[3..].Select(one => int.Parse(one, CultureInfo.InvariantCulture))]);

    static string Word(int number) => number.ToString(CultureInfo.InvariantCulture);
}
