using System.Collections.Concurrent;
using Analytics.Feed;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Model;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Analytics.Features.Streams;

/// <summary>What kind of stream it is, how it shows events, and the scope it lives by.</summary>
public sealed record StreamView(string Kind, MessageShape Shape, string Scope);

/// <summary>The open streams of this node: lets new ones in while there is room and ends those whose rights are gone.</summary>
public sealed class LiveStreams(
    EventFeed feed, FeedStore store, StandingCallers callers, IOptions<StreamOptions> options, StoreReadiness readiness,
    TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveStreams> log) : RepeatedJob(readiness, clock, log)
{
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    readonly int mostOfWorkspace = options.Value.StreamsPerWorkspace;
    readonly int most = options.Value.Streams;
    readonly ConcurrentDictionary<LiveStream, byte> open = [];

    public EventFeed Feed => feed;
    public FeedStore Store => store;

    public bool TryTakePlace(Workspace workspace) => feed.TryJoin(workspace, mostOfWorkspace);

    /// <summary>Answers the request with a stream, until the client, its rights or the service end it.</summary>
    public async Task ServeAsync(HttpContext http, StreamRequest request, StreamView view, CancellationToken cancel)
    {
        var connection = new StreamConnection(http, Clock);
        var bound = http.BoundCustomer?.Id;
        var reader = new FeedReader(view.Shape, Filter(request.Wanted, bound), connection.Abort);
        var stream = new LiveStream(view, connection, reader, this) { Caller = http.Caller, Bound = bound };
        await using var gone = cancel.Register(static reader => ((FeedReader)reader!).End(), reader);
        feed.Open(reader);
        FeedMeter.Opened(view.Kind);
        try
        {
            if (!open.TryAdd(stream, 0) || open.Count > most)
                throw Full("The service has no room for more streams.");
            TakePlaces(stream, http, request.CursorOf(http.Request));
            await stream.RunAsync(request.CursorOf(http.Request), cancel);
        }
        catch (Exception failure) when (http.Response.HasStarted)
        {
            // The client comes back by itself, with its cursor.
            if (failure is not (OperationCanceledException or NpgsqlException or TimeoutException or IOException))
                log.LogError(failure, "A stream broke off");
            http.Abort();
        }
        finally
        {
            Close(stream);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The server waits for requests to end, which streams never do by themselves.
        lifetime.ApplicationStopping.Register(() => _ = EndAllAsync());
        return base.StartAsync(cancellationToken);
    }

    protected override string Work => "Looking at the rights of open streams";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(2);

    protected override Task WorkAsync(CancellationToken cancel) => LookAsync([.. open.Keys], cancel);

    static Func<FeedEvent, bool>? Filter(HashSet<string>? names, Guid? customer) => (names, customer) switch
    {
        (null, null) => null,
        (null, { } only) => e => e.Stored.CustomerId == only,
        ({ } wanted, null) => e => wanted.Contains(e.Stored.Name),
        ({ } wanted, { } only) => e => e.Stored.CustomerId == only && wanted.Contains(e.Stored.Name),
    };

    void TakePlaces(LiveStream stream, HttpContext http, string? cursor)
    {
        if (http.Caller is not UserCaller user || stream.View.Kind != "user")
        {
            if (!stream.TryJoin(http.Workspace, ""))
                throw Full($"The workspace has {mostOfWorkspace} open streams.");
            return;
        }

        // Workspaces the cursor does not know were joined since: they come in with a notice, as they would have live.
        var seats = user.Seats.Where(seat => seat.Allows(stream.View.Scope)).ToList();
        var known = cursor is null ? null : Positions.Parse(cursor);
        if (known is { Count: > 0 } && !seats.Exists(seat => known[seat.Workspace.Key] is not null))
            known = null;
        foreach (var seat in seats)
            if ((known is null || known[seat.Workspace.Key] is not null) && !stream.TryJoin(seat.Workspace, seat.Role))
                throw Full($"The workspace {seat.Workspace.Slug} has {mostOfWorkspace} open streams.");
        stream.Follow(user.Seats);
    }

    void Close(LiveStream stream)
    {
        open.TryRemove(stream, out _);
        feed.Close(stream.Reader);
        foreach (var workspace in stream.Workspaces)
            feed.Leave(workspace.Key, stream.Reader);
        FeedMeter.Closed(stream.View.Kind);
        if (stream.Reader.WasSlow)
            FeedMeter.WasSlow();
    }

    // What was sent may still be read, for a moment: a client that reads no more must not hold the service up.
    async Task EndAllAsync()
    {
        LiveStream[] streams = [.. open.Keys];
        feed.EndAll();
        await Task.Delay(Farewell, Clock);
        foreach (var stream in streams)
            stream.Connection.CutOff();
    }

    async Task LookAsync(LiveStream[] streams, CancellationToken cancel)
    {
        if (streams.Length == 0)
            return;
        var now = await callers.ReadAsync([.. streams.Select(stream => stream.Caller.KeyId).Distinct()], cancel);
        foreach (var stream in streams)
            if (!now.TryGetValue(stream.Caller.KeyId, out var caller))
                stream.Reader.End();
            else if (stream.View.Kind == "user")
                stream.Follow(((UserCaller)caller).Seats);
            else if (stream.Workspaces.Any(workspace => !caller.Allows(stream.View.Scope, workspace)))
                stream.Reader.End();
    }

    static ProblemException Full(string detail) => new(429, detail) { RetryAfter = 5 };
}
