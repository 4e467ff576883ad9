using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.EventTypes;

/// <summary>Event types: the names of a workspace's events, with labels and counts.</summary>
[ApiController, Route("api")]
sealed class EventTypesController(EventTypesQuery types, AnalyticsDb db) : ControllerBase
{
    /// <summary>Event types that pass the filters; occurrences count the events that pass them, too.</summary>
    [HttpGet("event-types"), RequireScope(Scopes.EventsRead, OfCustomer = true)]
    [Paged("name", "name", "label", "occurrences", "first_seen", "last_seen", "source", "label_property_selector", "id")]
    public Task<Page<EventTypeAnswer>> List([FromQuery] EventTypesRequest request, CancellationToken cancel) =>
        types.ListAsync(HttpContext.Workspace, HttpContext.BoundCustomer, request, HttpContext.Paging, cancel);

    /// <summary>An event type; 404 when there is none that the caller may see.</summary>
    [HttpGet("event-types/{id}"), RequireScope(Scopes.EventsRead, OfCustomer = true)]
    public async Task<EventTypeAnswer> Get([Shown(Format = "uuid")] string id, CancellationToken cancel) =>
        await FindAsync(Known(id), cancel);

    /// <summary>Changes an event type's label or its label_property_selector; an empty body changes nothing.</summary>
    [HttpPatch("event-types/{id}"), RequireScope(Scopes.EventsWrite)]
    public async Task<EventTypeAnswer> Update(
        [Shown(Format = "uuid")] string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] EventTypeChange? request,
        CancellationToken cancel)
    {
        var known = Known(id);
        var workspace = HttpContext.Workspace.Key;
        var type = await db.Set<EventType>().FirstOrDefaultAsync(type => type.WorkspaceKey == workspace && type.Id == known, cancel)
            ?? throw ProblemException.NotFound();
        if (request is not null)
        {
            type.Label = request.Label.Or(type.Label)!.Trim();
            type.LabelPropertySelector = request.LabelPropertySelector.Or(type.LabelPropertySelector);
        }

        await db.SaveChangesAsync(cancel);
        return await FindAsync(known, cancel);
    }

    /// <summary>The names of the workspace's events, the most frequent first.</summary>
    [HttpGet("events/names"), RequireScope(Scopes.EventsRead, OfCustomer = true)]
    [Paged("-occurrences", "name", "label", "source", "occurrences", "first_seen", "last_seen")]
    public async Task<Page<EventName>> ListEventNames([FromQuery] EventTypesRequest request, CancellationToken cancel)
    {
        var page = await List(request, cancel);
        return new(
            [.. page.Data.Select(type => new EventName(
                type.Name, type.Label, type.Source, type.Occurrences, type.FirstSeen, type.LastSeen))],
            page.Meta);
    }

    async Task<EventTypeAnswer> FindAsync(Guid id, CancellationToken cancel) =>
        await types.FindAsync(HttpContext.Workspace, HttpContext.BoundCustomer, id, cancel) ?? throw ProblemException.NotFound();

    static Guid Known(string id) => Guid.TryParse(id, out var known) ? known : throw ProblemException.NotFound();
}
