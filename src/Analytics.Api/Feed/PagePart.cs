using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Feed;

/// <summary>A page in the making: which facts belong to it, and those that were read so far.</summary>
sealed class PagePart(PagePlace place)
{
    static readonly Place Alone = new(null, 0, 0, null);

    readonly Dictionary<Guid, (StreamedKind Kind, long Position)> wanted = [];
    readonly List<StoredEvent> events = [];
    readonly List<FeedRecord> records = [];
    readonly Dictionary<Guid, Place> places = [];
    long through = place.After;
    bool hasGap;

    public PagePlace Place => place;
    public Workspace Workspace => place.Workspace;

    /// <summary>Events that hang together with others.</summary>
    public List<StoredEvent> Related { get; } = [];

    public IEnumerable<Guid> IdsOf(StreamedKind kind) => wanted.Where(one => one.Value.Kind == kind).Select(one => one.Key);

    /// <summary>Adds what of a commit belongs to the page.</summary>
    public void Add(long first, long last, StreamedKind kind, Guid[] ids)
    {
        hasGap |= first > through + 1;
        if (hasGap)
            return;
        for (last = Math.Min(last, place.After + FeedPages.Size); through < last; through++)
            wanted.Add(ids[through + 1 - first], (kind, through + 1));
    }

    public void Add(StoredEvent stored, bool hasNode)
    {
        if (!wanted.ContainsKey(stored.Id))
            return; // another page of the same workspace
        events.Add(stored);
        if (hasNode || stored.Trace is not null)
            Related.Add(stored);
    }

    public void Add(LogRecord audit)
    {
        if (wanted.TryGetValue(audit.EventId, out var at))
            records.Add(new FeedAudit(Workspace, at.Position, audit));
    }

    public void Add(StoredRequest request, Guid? customer)
    {
        if (wanted.TryGetValue(request.Id, out var at))
            records.Add(new FeedRequest(Workspace, at.Position, request, customer));
    }

    /// <summary>Finds the places of the events that hang together with others.</summary>
    public async Task PlaceAsync(NpgsqlDataSource store)
    {
        try
        {
            await PlaceAsync(store, Related);
        }
        catch (TooMuchToReadException)
        {
            foreach (var e in Related)
                await PlaceOneAsync(store, e);
        }
    }

    // An event with more descendants than can be counted is shown without their number: it must not end its stream.
    async Task PlaceOneAsync(NpgsqlDataSource store, StoredEvent e)
    {
        try
        {
            await PlaceAsync(store, [e]);
        }
        catch (TooMuchToReadException)
        {
            places[e.Id] = Alone with { Root = e.Trace is null ? e.Id : null };
        }
    }

    async Task PlaceAsync(NpgsqlDataSource store, List<StoredEvent> related)
    {
        await using var read = await BoundedRead.OpenAsync(store, CancellationToken.None);
        foreach (var (id, found) in await new Places(read, Workspace, visible: null, fields: []).OfAsync(related))
            places[id] = found;
    }

    public FeedPage Page()
    {
        foreach (var e in events)
            records.Add(new FeedEvent(Workspace, wanted[e.Id].Position, e, places.GetValueOrDefault(e.Id) ?? Alone with { Root = e.Id }));
        records.Sort(static (a, b) => a.Position.CompareTo(b.Position));
        return new FeedPage(records, through, hasGap);
    }
}
