using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Ingestion;

/// <summary>Facts come in here.</summary>
[ApiController]
sealed class IngestionController(FactIngest ingest) : ControllerBase
{
    /// <summary>
    /// Stores up to 10 000 events, each once, and answers after the commit. 400 with every problem by JSON pointer and
    /// nothing stored; with partial=true the valid events are stored and the others listed. Bodies may be gzip, up to
    /// 10 MB unpacked.
    /// </summary>
    /// <param name="partial">Stores the valid events, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("/api/events/ingest"), RequireScope(Scopes.EventsWrite, ReadsOwnBody = true, OfCustomer = true)]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(IngestBody))]
    [Example(Request = IngestBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestEvents([FromQuery] bool partial, CancellationToken cancel) => IngestAsync(FactList.Events, partial, cancel);

    /// <summary>
    /// Stores up to 10 000 requests that a product's API answered, each once, and answers after the commit. 400 with every problem by
    /// JSON pointer and nothing stored; with partial=true the valid requests are stored and the others listed. Bodies may be gzip, up
    /// to 10 MB unpacked. A request counts for its endpoint: METHOD:route where a route is sent, else METHOD:/path with :id for every
    /// segment that is, as a whole, an id. Ids are UUIDs, integers, ULIDs, 24 hexadecimal digits, e-mail addresses (they name a
    /// person), segments of more than 64 characters, and other long mixed ids: with eight digits or more, or with ten or more
    /// characters in runs of letters and digits that change between the two at least three times. Percent-encoding counts as what it
    /// stands for. Words with digits (2fa, v1, 3d-models), empty segments and a slash at the end stay; query strings, fragments and
    /// matrix parameters (;a=b) are dropped. A UTC day has room for 2 000 endpoints; further ones count under __other__.
    /// </summary>
    /// <param name="partial">Stores the valid requests, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("/api/requests/ingest"), RequireScope(Scopes.EventsWrite, ReadsOwnBody = true, OfCustomer = true), CamelCase]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(RequestsBody))]
    [Example(Request = RequestsBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestRequests([FromQuery] bool partial, CancellationToken cancel) => IngestAsync(FactList.Requests, partial, cancel);

    async Task IngestAsync(FactList list, bool partial, CancellationToken cancel)
    {
        var answer = await ingest.TakeAsync(HttpContext, list, partial, cancel);
        await answer.WriteAsync(Response);
    }
}
