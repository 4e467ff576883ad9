using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Reading;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Streams;

/// <summary>Events as they are committed, as server-sent events.</summary>
[ApiController, Route("api")]
sealed class StreamsController(LiveStreams streams, StreamTokens tokens) : ControllerBase
{
    const string EventStream = "text/event-stream";

    /// <summary>
    /// Live events of every workspace the user may read, for user keys. When the user's memberships change, a notice comes as
    /// <c>event: notice</c> with <c>{"type": "membership.added|changed|removed", "workspace_id", "role"}</c> and the stream goes on
    /// with the new ones. Ids hold a position in each workspace; otherwise it is like a workspace's stream.
    /// </summary>
    [HttpGet("stream/user"), RequireScope(Scopes.StreamRead, SpansWorkspaces = true, TakesToken = true)]
    [EventStream, ProducesResponseType<StreamMessage>(200, EventStream)]
    public Task StreamUser([FromQuery] StreamRequest request, CancellationToken cancel) => HttpContext.Caller is UserCaller
        ? streams.ServeAsync(HttpContext, request, new StreamView("user", EventMessages.Shape, Scopes.StreamRead), cancel)
        : throw ProblemException.Forbidden("This stream spans the workspaces of a user: it needs a user's key.");

    /// <summary>
    /// Live events of a workspace, in commit order, each as <c>id</c> (the cursor) and <c>data</c>. Starts with <c>retry: 3000</c>;
    /// <c>: ping</c> every 15 s. With Last-Event-ID what was missed comes first, nothing lost and nothing twice; a cursor too old
    /// (24 h, 100 000 events) or senseless answers <c>event: reset</c> first. A client that leaves 1 MB unread is disconnected, and the
    /// stream ends with the key's rights; 429 beyond 1 000 streams of a workspace, or 20 of a customer-bound key.
    /// </summary>
    [HttpGet("stream/workspaces/{id}"), RequireScope(Scopes.StreamRead, WorkspaceInPath = "id", TakesToken = true, OfCustomer = true)]
    [EventStream, ProducesResponseType<StreamMessage>(200, EventStream)]
    public Task StreamWorkspace([FromQuery] StreamRequest request, CancellationToken cancel) =>
        streams.ServeAsync(HttpContext, request, new StreamView("workspace", EventMessages.Shape, Scopes.StreamRead), cancel);

    /// <summary>
    /// The event log live: its records as they are committed, events, API requests (as request.completed) and what the service itself
    /// tells (never shown to customer-bound keys); those that pass the filters of the log's search and are of the time asked for.
    /// Otherwise like a workspace's stream, with ids of its own: those of one kind of stream are none of the other.
    /// </summary>
    [HttpGet("v1/events/stream"), RequireScope(Scopes.LogsRead, TakesToken = true, OfCustomer = true), CamelCase]
    [EventStream, ProducesResponseType<LogRecord>(200, EventStream)]
    public Task StreamLog(
        [FromQuery] StreamRequest request, [FromQuery] LogFilterRequest filter, [FromQuery] LogStreamTimes times, CancellationToken cancel)
    {
        var view = new StreamView("log", LogMessages.Shape, Scopes.LogsRead)
        {
            Filter = filter.FilterOrNull, Times = times.Range(HttpContext.Workspace),
        };
        return streams.ServeAsync(HttpContext, request, view, cancel);
    }

    /// <summary>A token for opening streams where no header can be sent, as with a browser's EventSource. It is good for 60 s.</summary>
    [HttpPost("stream/tokens"), RequireScope(Scopes.StreamRead, Or = Scopes.LogsRead, SpansWorkspaces = true, OfCustomer = true)]
    [ProducesResponseType<StreamToken>(201)]
    public async Task<ObjectResult> CreateStreamToken(CancellationToken cancel)
    {
        var (token, expiresAt) = await tokens.MakeAsync(HttpContext.Caller.KeyId, cancel);
        return StatusCode(201, new StreamToken(token, expiresAt));
    }
}
