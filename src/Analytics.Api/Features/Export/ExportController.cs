using System.Text.Json;
using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Export;

/// <summary>Every fact of a kind, for whoever wants to have it elsewhere.</summary>
[ApiController, Route("api/export")]
sealed class ExportController(Exports exports, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Every fact of a kind as it was when the export began, in the order of (timestamp, id). <c>events</c> are as in
    /// <c>/api/events/{id}</c>, <c>requests</c> as in <c>/api/requests/recent</c>, the others are what was sent but <c>externalId</c>, with
    /// <c>id</c>, <c>appId</c> and <c>timestamp</c> (of invocations their <c>startedAt</c>), viewers and devices as keyed hashes. It is of
    /// any length, comes as gzip where <c>Accept-Encoding</c> says so, and is whole only when it ends as HTTP ends: what fails on the way
    /// breaks off. Then <c>from</c> with the last line's <c>timestamp</c> goes on, beginning with the lines of that instant once more.
    /// Customer-bound keys export <c>events</c> and <c>requests</c>; 429 beyond some exports at once.
    /// </summary>
    [HttpGet("{kind}"), RequireScope(Scopes.EventsRead, OfCustomer = true), Lines, Example(Answer = ExampleEvent)]
    [ProducesResponseType<JsonElement>(200, LinesAttribute.MediaType)]
    public Task ExportFacts(
        [OneOf(typeof(ExportKinds), nameof(ExportKinds.NamesOfFacts))] string kind, [FromQuery] ExportRequest request,
        CancellationToken cancel)
    {
        var known = ExportKinds.OfFacts.FirstOrDefault(one => one.Name == kind) ?? throw ProblemException.NotFound();
        return SendAsync(known, request, cancel);
    }

    /// <summary>
    /// The event log as it was when the export began, oldest first: events, requests, and what the service itself tells (never to
    /// customer-bound keys). Otherwise like the other exports.
    /// </summary>
    [HttpGet("log"), RequireScope(Scopes.LogsRead, OfCustomer = true), Lines, CamelCase]
    [ProducesResponseType<LogRecord>(200, LinesAttribute.MediaType)]
    public Task ExportLog([FromQuery] ExportRequest request, CancellationToken cancel) => SendAsync(ExportKinds.Log, request, cancel);

    Task SendAsync(ExportKind kind, ExportRequest request, CancellationToken cancel)
    {
        var customer = HttpContext.BoundCustomer;
        if (customer is not null && !kind.IsOfCustomers)
            throw ProblemException.Forbidden("The key is bound to one customer; this is the whole workspace's.");
        var question = ExportQuestion.Of(kind, HttpContext.Workspace, customer, request, Request, clock.GetStoreNow());
        return exports.SendAsync(HttpContext, question, cancel);
    }

    const string ExampleEvent = """
        {"id":"019cdaf4-5c00-7000-8000-000000000001","external_id":"order-17","name":"task.done","label":"task.done","source":"user",
         "timestamp":"2026-03-11T09:30:00Z","ingested_at":"2026-03-11T09:30:01.25Z","workspace_id":"0198c2a4-0000-7000-8000-000000000001",
         "customer_id":null,"external_customer_id":"acme","parent_id":null,"root_id":"019cdaf4-5c00-7000-8000-000000000001",
         "pending_parent_id":null,"child_count":0,"descendant_count":0,"metadata":{"_cost":{"amount":0.12,"currency":"usd"}}}
        """;
}
