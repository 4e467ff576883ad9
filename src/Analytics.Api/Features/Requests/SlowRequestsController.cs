using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>Slow requests, and when there are such again and again.</summary>
[ApiController, CamelCase, Route("api/requests/slow")]
sealed class SlowRequestsController(SlowRequestsQuery slow, SlowPatternsQuery patterns) : ControllerBase
{
    /// <summary>The slowest requests of a day that took more than a second, the slowest first.</summary>
    [HttpGet, RequireScope(Scopes.StatsRead, OfCustomer = true), Example(Answer = ExampleOfSlow)]
    public Task<SlowRequests> ListSlowRequests([FromQuery] SlowRequest request, CancellationToken cancel) =>
        slow.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, request, cancel);

    /// <summary>
    /// Hours of the day at which an endpoint is slow again and again: on at least 3 days, which are at least half of those with requests
    /// in that hour, their p95 is over a second. Most slow days first.
    /// </summary>
    [HttpGet("patterns"), RequireScope(Scopes.StatsRead), Example(Answer = ExampleOfPatterns)]
    public Task<SlowPatterns> ListSlowPatterns([FromQuery] SlowPatternsRequest request, CancellationToken cancel) =>
        patterns.AnswerAsync(HttpContext.Workspace, request, cancel);

    const string ExampleOfSlow = """
        {"data":[
          {"endpoint":"GET:/api/export","latencyMs":3200,"customerId":"acme","statusCode":200,"timestamp":"2026-03-11T14:02:11.5Z"},
          {"endpoint":"GET:/api/search","latencyMs":1204.25,"customerId":"anonymous","statusCode":504,"timestamp":"2026-03-11T09:30:00Z"}]}
        """;

    const string ExampleOfPatterns = """
        {"data":[{"endpoint":"GET:/api/export","hour":14,"weekday":null,"days":10,"slowDays":9,"p95":4210.5,"p95Otherwise":310.2}]}
        """;
}
