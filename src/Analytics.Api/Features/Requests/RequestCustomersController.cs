using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Features.Requests;

/// <summary>What customers used of the API.</summary>
[ApiController, CamelCase, Route("api/requests/customers"), RequireScope(Scopes.StatsRead, OfCustomer = true)]
sealed class RequestCustomersController(CustomersQuery customers, ReportQuery reports, Links links, TimeProvider time) : ControllerBase
{
    /// <summary>Usage and costs of every customer with requests in a time, the biggest first.</summary>
    [HttpGet, Example(Answer = ExampleOfUsage)]
    [Paged("-count", "customerId", "count", "totalBytes", "requestBytes", "errorRate", "avgLatency", "sharePercent",
        "cumulativeSharePercent", "costCents", "costSharePercent")]
    public Task<Page<CustomerUsage>> ListRequestCustomers([FromQuery] CustomersRequest request, CancellationToken cancel) =>
        customers.ListAsync(HttpContext.Workspace, HttpContext.BoundCustomer, request, HttpContext.Paging, cancel);

    /// <summary>A customer's usage of the last days. One that nobody knows has used nothing.</summary>
    /// <param name="customerId">The product's id, or ours; <c>anonymous</c> is nobody.</param>
    /// <param name="request">Which days.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("{customerId}/report"), PageForHtml, ProducesResponseType<CustomerReport>(200), Example(Answer = ExampleOfReport)]
    public async Task<IActionResult> GetCustomerReport(string customerId, [FromQuery] ReportRequest request, CancellationToken cancel)
    {
        var (workspace, boundTo) = (HttpContext.Workspace, HttpContext.BoundCustomer);
        var report = (await reports.AnswerAsync(workspace, boundTo, customerId, request, only: [], cancel))!;
        return ReportFormat.IsPage(Request) ? ReportFormat.Page(Response, report)
            : Csv.IsAskedBy(Request) ? Ok(report.Days)
            : Ok(report);
    }

    /// <summary>
    /// Makes a link that opens the report without a key, as a page or with <c>format=csv</c>: up to the day it is opened, with the rights
    /// of the key that made it. It ends with that key, with the customer, or when it expires.
    /// </summary>
    /// <param name="customerId">The product's id, or ours.</param>
    /// <param name="request">How many days, and until when.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPost("{customerId}/report/links"), ProducesResponseType<ReportLink>(201)]
    [Example(Request = ExampleOfNewLink, Answer = ExampleOfLink)]
    public async Task<IActionResult> CreateReportLink(
        string customerId, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] NewReportLink? request, CancellationToken cancel)
    {
        request ??= new();
        var (workspace, caller) = (HttpContext.Workspace, HttpContext.Caller);
        var expiresAt = request.ExpiresAt ?? time.UsualLinkExpiry();
        var people = await reports.PeopleAsync(workspace, HttpContext.BoundCustomer, customerId, cancel);
        var link = new SharedReport(customerId, request.Days, request.Timezone ?? workspace.Timezone, people);
        var text = await links.MakeAsync(
            SharedReportsController.Template, new(caller.KeyId, workspace.Key, expiresAt, link.ToWords()), cancel);
        var url = $"{Request.OwnAddress}{SharedReportsController.Path}/{text}";
        return Created(url, new ReportLink(url, expiresAt));
    }

    const string ExampleOfUsage = """
        {"data":[
          {"customerId":"acme","count":600,"totalBytes":1048576,"requestBytes":2048,"errorRate":1.5,"avgLatency":84.12,"sharePercent":60,
           "cumulativeSharePercent":60,"costCents":12.25,"costSharePercent":49},
          {"customerId":"anonymous","count":400,"totalBytes":4096,"requestBytes":0,"errorRate":0,"avgLatency":9.5,"sharePercent":40,
           "cumulativeSharePercent":100,"costCents":0,"costSharePercent":0}],
         "meta":{"nextCursor":null}}
        """;

    const string ExampleOfReport = """
        {"customerId":"acme","from":"2026-03-10","to":"2026-03-11","totalRequests":600,
         "dailyRequests":{"2026-03-10":250,"2026-03-11":350},
         "topEndpoints":[{"endpoint":"GET:/orders/{id}","count":420},{"endpoint":"POST:/orders","count":180}],
         "avgLatency":84.12,"totalDataTransfer":1048576,"errorRate":1.5,"latency":{"p50":50.5,"p90":90.1,"p95":120,"p99":840.25}}
        """;

    const string ExampleOfNewLink = """{"days":30,"timezone":"Europe/Paris","expiresAt":null}""";

    const string ExampleOfLink = """
        {"url":"https://analytics.example.com/api/requests/reports/link_mQ0","expiresAt":"2026-03-18T09:30:00Z"}
        """;
}
