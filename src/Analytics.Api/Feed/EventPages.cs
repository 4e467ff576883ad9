using Analytics.Reading;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Feed;

/// <summary>Reads pages of events of several workspaces in two statements: the commits, then their events by key.</summary>
sealed class EventPages(CitusTables citus, TimeProvider clock)
{
    // What it takes to place events depends on their traces: a workspace with deep ones does it page by page, and another one beside it.
    const int PlacedAtOnce = 2;

    /// <summary>The most events of a page.</summary>
    public const int Size = 256;

    string CommitsSql => $"""
        select wanted.place, commits.first_seq, commits.last_seq, commits.ids
        from unnest($1::int[], $2::bigint[]) with ordinality as wanted (workspace_id, after, place)
        cross join lateral (
            select *
            from commits
            where workspace_id = wanted.workspace_id
              {Only("$4")}
              and last_seq > wanted.after
            order by last_seq
            limit $3
        ) commits
        where commits.first_seq <= wanted.after + $3
        order by wanted.place, commits.last_seq
        """;

    // The times are in the ids already; said as a range the planner leaves all other partitions out.
    string EventsSql => $"""
        select
        {StoredEvent.Columns},
        null as sort_key,
        e.seq,
        e.workspace_id,
        node.id is not null
        from unnest($1::int[], $2::timestamptz[], $3::uuid[]) as wanted (workspace_id, timestamp, id)
        cross join lateral (
            select *
            from events
            where workspace_id = wanted.workspace_id
              and timestamp = wanted.timestamp
              and id = wanted.id
              and timestamp between $4 and $5
              {Only("$6")}
            limit 1
        ) e
        {StoredEvent.Joins(Where)}
        left join lateral (
            select id
            from trace_nodes
            where workspace_id = {Where}
              and id = e.id
            offset 0
        ) node on true
        """;

    // Workspaces of a cluster lie on different machines: there each is asked for itself, where it is.
    string Only(string workspace) => citus.IsOn ? $"and workspace_id = {workspace}" : "";

    string Where => citus.IsOn ? "$6" : "e.workspace_id";

    readonly Turns placing = new("pages of traces", PlacedAtOnce, clock);

    static readonly Place Alone = new(null, 0, 0, null);

    /// <summary>For each workspace and position the page after it.</summary>
    public async Task<Task<FeedPage>[]> ReadAsync(NpgsqlDataSource store, IReadOnlyList<(Workspace Workspace, long After)> wanted)
    {
        if (citus.IsOn && wanted.Count > 1)
        {
            var each = new List<Task<FeedPage>>();
            foreach (var one in wanted)
                each.AddRange(await ReadAsync(store, [one]));
            return [.. each];
        }

        var parts = new Part[wanted.Count];
        for (var at = 0; at < parts.Length; at++)
            parts[at] = new Part(wanted[at].Workspace, wanted[at].After);
        await using (var connection = await store.OpenConnectionAsync())
        {
            await ReadCommitsAsync(connection, parts);
            await ReadEventsAsync(connection, parts);
        }

        // Each for itself: what is hard to place in one workspace holds up no other.
        return Array.ConvertAll(parts, part => part.Related.Count == 0 ? Task.FromResult(part.Page()) : PlaceAsync(store, part));
    }

    SqlValue[] Only(Part[] parts) => citus.IsOn ? [parts[0].Workspace.Key] : [];

    Task ReadCommitsAsync(NpgsqlConnection connection, Part[] parts)
    {
        SqlValue[] values =
        [
            Array.ConvertAll(parts, part => part.Workspace.Key), Array.ConvertAll(parts, part => part.After), (long)Size, .. Only(parts),
        ];
        return connection.EachAsync(
            CommitsSql, values,
            row => parts[row.GetInt64(0) - 1].Add(row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<Guid[]>(3)), CancellationToken.None);
    }

    async Task ReadEventsAsync(NpgsqlConnection connection, Part[] parts)
    {
        var workspaces = new List<int>();
        var times = new List<DateTime>();
        var ids = new List<Guid>();
        var known = new HashSet<Guid>(); // pages of one workspace may overlap
        foreach (var part in parts)
            foreach (var id in part.Ids.Where(known.Add))
            {
                workspaces.Add(part.Workspace.Key);
                times.Add(Storage.EventId.TimeOf(id)!.Value);
                ids.Add(id);
            }

        if (ids.Count == 0)
            return;
        SqlValue[] values = [workspaces.ToArray(), times.ToArray(), ids.ToArray(), times.Min(), times.Max(), .. Only(parts)];
        var byWorkspace = parts.ToLookup(part => part.Workspace.Key);
        await connection.EachAsync(EventsSql, values, row =>
        {
            var stored = StoredEvent.Read(row);
            const int own = StoredEvent.ColumnCount + 1;
            foreach (var part in byWorkspace[row.GetInt32(own + 1)])
                part.Add(stored, row.GetInt64(own), hasNode: row.GetBoolean(own + 2));
        }, CancellationToken.None);
    }

    // Most events stand alone. Only those in a trace have to be placed, which takes some look-ups.
    async Task<FeedPage> PlaceAsync(NpgsqlDataSource store, Part part)
    {
        using var turn = await placing.TakeAsync(part.Workspace.Id, CancellationToken.None);
        try
        {
            part.Places = await PlacesAsync(store, part, part.Related);
        }
        catch (TooMuchToReadException)
        {
            foreach (var e in part.Related)
                foreach (var (id, place) in await PlacesOfOneAsync(store, part, e))
                    part.Places[id] = place;
        }

        return part.Page();
    }

    // An event with more descendants than can be counted is shown without their number: it must not end its stream.
    static async Task<Dictionary<Guid, Place>> PlacesOfOneAsync(NpgsqlDataSource store, Part part, StoredEvent e)
    {
        try
        {
            return await PlacesAsync(store, part, [e]);
        }
        catch (TooMuchToReadException)
        {
            return new() { [e.Id] = Alone with { Root = e.Trace is null ? e.Id : null } };
        }
    }

    static async Task<Dictionary<Guid, Place>> PlacesAsync(NpgsqlDataSource store, Part part, List<StoredEvent> events)
    {
        await using var read = await BoundedRead.OpenAsync(store, CancellationToken.None);
        return await new Places(read, part.Workspace, visible: null, fields: []).OfAsync(events);
    }

    /// <summary>A page in the making.</summary>
    sealed class Part(Workspace workspace, long after)
    {
        readonly List<(StoredEvent Stored, long Sequence)> events = [];
        long through = after;
        bool hasGap;

        public Workspace Workspace { get; } = workspace;
        public long After { get; } = after;
        public List<Guid> Ids { get; } = [];
        public List<StoredEvent> Related { get; } = [];
        public Dictionary<Guid, Place> Places { get; set; } = [];

        /// <summary>Adds what of a commit belongs to the page.</summary>
        public void Add(long first, long last, Guid[] ids)
        {
            hasGap |= first > through + 1;
            var from = (int)(through + 1 - first);
            var to = (int)(Math.Min(last, After + Size) + 1 - first);
            if (hasGap || from < 0)
                return;
            Ids.AddRange(ids.AsSpan(from, to - from));
            through = first + to - 1;
        }

        public void Add(StoredEvent stored, long sequence, bool hasNode)
        {
            if (sequence <= After || sequence > through)
                return; // another page of the same workspace
            events.Add((stored, sequence));
            if (hasNode || stored.Trace is not null)
                Related.Add(stored);
        }

        public FeedPage Page()
        {
            events.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
            var made = new FeedEvent[events.Count];
            for (var at = 0; at < made.Length; at++)
            {
                var (stored, sequence) = events[at];
                var place = Places.GetValueOrDefault(stored.Id) ?? Alone with { Root = stored.Id };
                made[at] = new FeedEvent(Workspace, sequence, stored, place);
            }

            return new FeedPage(made, through, hasGap);
        }
    }
}
