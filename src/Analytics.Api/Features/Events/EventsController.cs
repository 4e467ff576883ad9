using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Reading;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Events;

/// <summary>Events, read back.</summary>
[ApiController, Route("api/events")]
sealed class EventsController(EventsQuery events) : ControllerBase
{
    /// <summary>
    /// Events that pass the filters, newest first. <c>metadata[key]=value</c> compares the value at a dotted path as text.
    /// </summary>
    [HttpGet, RequireScope(Scopes.EventsRead, OfCustomer = true)]
    [Paged("-timestamp", "timestamp", "id", "external_id", "name", "label", "source", "ingested_at", "workspace_id", "customer_id",
        "external_customer_id", "parent_id", "pending_parent_id", "root_id", "child_count", "descendant_count")]
    [QueryParameter("metadata", "metadata[key]=value: the value at the dotted path in place of key, as text; repeat for any of several.",
        IsKeyed = true)]
    public Task<Page<Event>> List([FromQuery] EventsRequest request, CancellationToken cancel) => events.ListAsync(
        HttpContext.Workspace, HttpContext.BoundCustomer, request, EventsRequest.MetadataOf(Request.Query), HttpContext.Paging, cancel);

    /// <summary>An event; 404 when there is none that the caller may see.</summary>
    [HttpGet("{id}"), RequireScope(Scopes.EventsRead, OfCustomer = true)]
    public async Task<Event> Get([Shown(Format = "uuid")] string id, [FromQuery] EventRequest request, CancellationToken cancel) =>
        Guid.TryParse(id, out var known)
            && await events.FindAsync(HttpContext.Workspace, HttpContext.BoundCustomer, known, request.Fields, cancel) is { } found
            ? found
            : throw ProblemException.NotFound();
}
