using System.Collections.Concurrent;
using Analytics.Contract;
using Analytics.Feed;
using Analytics.Reading;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Analytics.Features.Streams;

/// <summary>What kind of stream it is, how it shows facts, and the scope it lives by.</summary>
sealed record StreamView(string Kind, MessageShape Shape, string Scope)
{
    /// <summary>The records of the log that are asked for; null for all.</summary>
    public LogFilter? Filter { get; init; }

    /// <summary>Of which time; null for any.</summary>
    public TimeRange? Times { get; init; }

    /// <summary>Which facts are sent of those with these names and of this customer; null for all.</summary>
    public Func<FeedRecord, bool>? Wanted(HashSet<string>? names, Guid? customer) =>
        names is null && customer is null && Filter is null && Times is null ? null
        : record => (customer is null || record.CustomerId == customer)
            && names?.Contains(record.Name) != false
            && Filter?.Passes(record.Logged) != false
            && Times?.Has(record.Logged.CreatedAt) != false;
}

/// <summary>The open streams of this node: lets new ones in while there is room and ends those whose rights are gone.</summary>
sealed class LiveStreams(
    EventFeed feed, FeedStore store, CurrentCallers callers, Installation installation, IOptions<StreamOptions> options,
    StoreReadiness readiness, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveStreams> log)
    : RepeatedJob(readiness, clock, log)
{
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    const int MaxReplays = 32;

    readonly int maxOfWorkspace = options.Value.StreamsPerWorkspace;
    readonly Shares places = new("streams", options.Value.Streams, clock);
    readonly ConcurrentDictionary<LiveStream, byte> open = [];
    readonly PortalPlaces portals = new();

    public EventFeed Feed => feed;
    public FeedStore Store => store;

    /// <summary>Streams that read what they missed take turns: each holds a page meanwhile.</summary>
    public Turns Replays { get; } = new("replays", MaxReplays, clock, maxWaiting: int.MaxValue);

    public bool TryTakePlace(Workspace workspace, Track track) => feed.TryJoin(workspace, track, maxOfWorkspace);

    /// <summary>Answers the request with a stream, until the client, its rights or the service end it.</summary>
    public async Task ServeAsync(HttpContext http, StreamRequest request, StreamView view, CancellationToken cancel)
    {
        var tenant = http.WorkspaceOrNull?.Id ?? http.Caller.Tenant;
        if (!places.TryTake(tenant, 1))
            throw Full("The service has no room for more streams.");
        try
        {
            await ServeInPlaceAsync(http, request, view, cancel);
        }
        finally
        {
            places.GiveBack(tenant, 1);
        }
    }

    async Task ServeInPlaceAsync(HttpContext http, StreamRequest request, StreamView view, CancellationToken cancel)
    {
        var connection = new StreamConnection(http, Clock);
        var portal = await PortalReader.OfAsync(http, installation, view.Shape.Track, cancel);
        var subscriber = new Subscriber(view.Shape, view.Wanted(request.Wanted, portal?.Customer), connection.Abort);
        var stream = new LiveStream(view, connection, subscriber, this) { Caller = http.Caller, Portal = portal };
        await using var gone = cancel.Register(static subscriber => ((Subscriber)subscriber!).End(), subscriber);
        feed.Open(subscriber);
        FeedMeter.Opened(view.Kind);
        try
        {
            open.TryAdd(stream, 0);
            if (portal is not null && !portals.TryTake(stream))
                throw Full($"The key has {PortalPlaces.Most} open streams.");
            TakePlaces(stream, http, request.CursorOf(http.Request));
            await stream.RunAsync(request.CursorOf(http.Request), cancel);
        }
        catch (Exception failure) when (http.Response.HasStarted)
        {
            // The client comes back by itself, with its cursor.
            if (failure is not (OperationCanceledException or NpgsqlException or TimeoutException or IOException or NoRoomException))
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

    void TakePlaces(LiveStream stream, HttpContext http, string? lastId)
    {
        if (http.Caller is not UserCaller user || stream.View.Kind != "user")
        {
            if (!stream.TryJoin(http.Workspace, ""))
                throw Full($"The workspace has {maxOfWorkspace} open streams.");
            return;
        }

        // Workspaces the cursor does not know were joined since: they come in with a notice, as they would have live.
        var memberships = user.Memberships.Where(membership => membership.Allows(stream.View.Scope)).ToList();
        var known = lastId is null ? null : Cursor.Parse(lastId, stream.View.Shape.Track);
        if (known is { Count: > 0 } && !memberships.Exists(membership => known[membership.Workspace.Key] is not null))
            known = null;
        foreach (var membership in memberships)
            if ((known is null || known[membership.Workspace.Key] is not null) && !stream.TryJoin(membership.Workspace, membership.Role))
                throw Full($"The workspace {membership.Workspace.Slug} has {maxOfWorkspace} open streams.");
        stream.Follow(user.Memberships);
    }

    void Close(LiveStream stream)
    {
        open.TryRemove(stream, out _);
        portals.GiveBack(stream);
        feed.Close(stream.Subscriber);
        foreach (var workspace in stream.Workspaces)
            feed.Leave(workspace.Key, stream.Subscriber);
        FeedMeter.Closed(stream.View.Kind);
        if (stream.Subscriber.WasSlow)
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
                stream.Subscriber.End();
            else if (stream.View.Kind == "user")
                stream.Follow(((UserCaller)caller).Memberships);
            else if (stream.Workspaces.Any(workspace => !caller.Allows(stream.View.Scope, workspace)))
                stream.Subscriber.End();
    }

    static ProblemException Full(string detail) => new(429, detail) { RetryAfter = 5 };
}
