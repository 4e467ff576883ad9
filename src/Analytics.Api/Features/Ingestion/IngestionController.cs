using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Ingestion;

/// <summary>Facts come in here.</summary>
[ApiController]
sealed class IngestionController(EventIngest ingest) : ControllerBase
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
    public async Task IngestEvents([FromQuery] bool partial, CancellationToken cancel)
    {
        var answer = await ingest.TakeAsync(HttpContext, partial, cancel);
        await answer.WriteAsync(Response, cancel);
    }
}
