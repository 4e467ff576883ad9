using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>API usage by endpoint.</summary>
[ApiController, Route("api/requests"), CamelCase, RequireScope(Scopes.StatsRead, OfCustomer = true)]
sealed class EndpointsController(EndpointsQuery endpoints, LatencyQuery latency, TimeProvider clock) : ControllerBase
{
    /// <summary>Every endpoint with requests in the range, equal ones by name. A portal key sees its customer's requests only.</summary>
    [HttpGet("endpoints"), Example(Answer = """
        {"data":[{"endpoint":"GET:/orders/:id","count":700,"errorRate":1.43,"clientErrorRate":1,"serverErrorRate":0.43,"avgLatency":35.02,
         "p50":28.4,"p90":61.75,"p95":96,"p99":240.5,"bytes":2150400,"requestBytes":0,"customers":42}],
         "meta":{"nextCursor":null}}
        """)]
    [Paged(
        "-count", "endpoint", "count", "errorRate", "clientErrorRate", "serverErrorRate", "avgLatency", "p50", "p90", "p95", "p99", "bytes",
        "requestBytes", "customers")]
    public Task<Page<EndpointAnswer>> ListRequestEndpoints([FromQuery] EndpointsRequest request, CancellationToken cancel) =>
        endpoints.ListAsync(
            HttpContext.Workspace, HttpContext.BoundCustomer, request.Range(HttpContext.Workspace, clock.GetStoreNow()), request,
            HttpContext.Paging, cancel);

    /// <summary>How long requests took on a date or in a range, and with which status they ended; zeros where there are none.</summary>
    [HttpGet("latency"), Example(Answer = """
        {"p50":28.4,"p90":61.75,"p95":96,"p99":240.5,"count":700,"min":3.1,"max":3200,"avg":35.02,
         "statusCodes":{"200":690,"404":7,"500":3}}
        """)]
    public Task<LatencyAnswer> QueryRequestLatency([FromQuery] LatencyRequest request, CancellationToken cancel)
    {
        var range = request.Range(HttpContext.Workspace, clock.GetStoreNow());
        return latency.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, range, request.Endpoint, cancel);
    }
}
