using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Ingestion;

/// <summary>
/// What happened to an app comes in here. Every route takes up to 10 000 facts, each once, and answers after the commit: 400 with every
/// problem by JSON pointer and nothing stored, or, with partial=true, the valid ones stored and the others listed.
/// </summary>
[ApiController, Route("/api/apps/{id}"), CamelCase]
sealed class AppFactsController(FactIngest ingest) : ControllerBase
{
    /// <summary>Stores views of an app. Of viewers a hash is kept that is keyed by the workspace.</summary>
    /// <param name="id">The app's UUID or natural id.</param>
    /// <param name="partial">Stores the valid views, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("views"), RequireScope(Scopes.EventsWrite, AppInPath = "id", ReadsOwnBody = true)]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(ViewsBody))]
    [Example(Request = ViewsBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestViews(string id, [FromQuery] bool partial, CancellationToken cancel) => IngestAsync(FactList.Views, partial, cancel);

    /// <summary>Stores invocations of an app's server routes.</summary>
    /// <param name="id">The app's UUID or natural id.</param>
    /// <param name="partial">Stores the valid invocations, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("invocations"), RequireScope(Scopes.EventsWrite, AppInPath = "id", ReadsOwnBody = true)]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(InvocationsBody))]
    [Example(Request = InvocationsBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestInvocations(string id, [FromQuery] bool partial, CancellationToken cancel) =>
        IngestAsync(FactList.Invocations, partial, cancel);

    /// <summary>
    /// Stores that devices used an app: what monthly active users are counted from. Of devices a hash is kept that is keyed by the
    /// installation, so that a device is one across workspaces.
    /// </summary>
    /// <param name="id">The app's UUID or natural id.</param>
    /// <param name="partial">Stores the valid devices, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("devices"), RequireScope(Scopes.EventsWrite, AppInPath = "id", ReadsOwnBody = true)]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(DevicesBody))]
    [Example(Request = DevicesBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestDevices(string id, [FromQuery] bool partial, CancellationToken cancel) =>
        IngestAsync(FactList.Devices, partial, cancel);

    /// <summary>Stores downloads of an app's bundles: what bandwidth is the sum of.</summary>
    /// <param name="id">The app's UUID or natural id.</param>
    /// <param name="partial">Stores the valid downloads, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("downloads"), RequireScope(Scopes.EventsWrite, AppInPath = "id", ReadsOwnBody = true)]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(DownloadsBody))]
    [Example(Request = DownloadsBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestDownloads(string id, [FromQuery] bool partial, CancellationToken cancel) =>
        IngestAsync(FactList.Downloads, partial, cancel);

    /// <summary>Stores changes of what an app stores: their sum is its storage.</summary>
    /// <param name="id">The app's UUID or natural id.</param>
    /// <param name="partial">Stores the valid changes, and tells of the others, where some are not.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpPost("storage"), RequireScope(Scopes.EventsWrite, AppInPath = "id", ReadsOwnBody = true)]
    [ProducesResponseType<IngestAnswer>(200), Body(typeof(StorageBody))]
    [Example(Request = StorageBody.Example, Answer = """{"inserted":1,"duplicates":0}""")]
    public Task IngestStorage(string id, [FromQuery] bool partial, CancellationToken cancel) =>
        IngestAsync(FactList.StorageChanges, partial, cancel);

    async Task IngestAsync(FactList list, bool partial, CancellationToken cancel)
    {
        var answer = await ingest.TakeAsync(HttpContext, list, partial, cancel);
        await answer.WriteAsync(Response);
    }
}
