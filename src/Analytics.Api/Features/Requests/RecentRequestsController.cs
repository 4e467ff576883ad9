using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>API requests, read back.</summary>
[ApiController, CamelCase, Route("api/requests/recent"), RequireScope(Scopes.StatsRead, OfCustomer = true)]
sealed class RecentRequestsController(RecentRequestsQuery requests) : ControllerBase
{
    /// <summary>
    /// Requests that pass the filters, newest first. A page looks for a second at most: it may be short or empty, and
    /// <c>meta.nextCursor</c> goes on where it stopped.
    /// </summary>
    [HttpGet, Paged("-timestamp"), Example(Answer = ExampleAnswer)]
    public Task<RecentRequests> List([FromQuery] RecentRequest request, CancellationToken cancel) =>
        requests.ListAsync(HttpContext.Workspace, HttpContext.BoundCustomer, request, HttpContext.Paging, cancel);

    const string ExampleAnswer = """
        {"data":[
          {"id":"019cdaf4-5c00-7000-8000-000000000001","timestamp":"2026-03-11T09:30:00Z","method":"GET","path":"/orders/17",
           "route":"/orders/{id}","endpoint":"GET:/orders/{id}","statusCode":200,"latencyMs":12.5,"customerId":"acme","productId":null,
           "apiKeyId":"key-1","requestSize":0,"responseSize":512,"userAgent":"curl/8.5.0","ip":"203.0.113.0","requestId":"r-1"}],
         "meta":{"nextCursor":null,"scannedTo":null}}
        """;
}
