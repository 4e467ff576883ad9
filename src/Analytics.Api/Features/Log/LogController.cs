using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Reading;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Log;

/// <summary>The event log, read back.</summary>
[ApiController, CamelCase, Route("api/v1/events"), RequireScope(Scopes.LogsRead, OfCustomer = true)]
sealed class LogController(LogQuery log) : ControllerBase
{
    /// <summary>
    /// Events, API requests (as request.completed) and the service's own audit trail, newest first. A page looks for a second at most: it
    /// may be short or empty, says with scannedTo how far it has looked, and nextCursor goes on from there. A customer-bound key sees its
    /// customer's records only, and no audit records.
    /// </summary>
    [HttpGet, Paged("-createdAt"), Example(Answer = ExampleAnswer)]
    public Task<LogPage> List([FromQuery] LogFilterRequest filter, [FromQuery] LogTimesRequest times, CancellationToken cancel) =>
        log.ListAsync(HttpContext.Workspace, HttpContext.BoundCustomer, filter.Filter, times, HttpContext.Paging, cancel);

    const string ExampleAnswer = """
        {"data":[
          {"eventId":"019cdaf4-5c00-7000-8000-000000000001","tenantId":"0198c2f4-0000-7000-8000-000000000002","eventType":"payment.failed",
           "category":"BILLING","source":"user","severity":"ERROR","actorType":"user","actorId":"u-17","targetType":"invoice",
           "targetId":"in-4711","payload":{"amount":1200,"_log":{"actor_type":"user","actor_id":"u-17","target_type":"invoice",
           "target_id":"in-4711"}},"correlationId":null,"createdAt":"2026-03-11T09:30:00Z"}],
         "nextCursor":null,"scannedTo":null}
        """;
}
