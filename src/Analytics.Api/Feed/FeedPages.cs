using Analytics.Reading;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Feed;

/// <summary>From where a page is wanted: what comes after a position of a workspace's track.</summary>
readonly record struct PagePlace(Workspace Workspace, Track Track, long After);

/// <summary>Reads pages of several workspaces in a few statements: the commits, then their facts by key.</summary>
sealed class FeedPages(CitusTables citus, TimeProvider clock)
{
    // What it takes to place events depends on their traces: a workspace with deep ones does it page by page, and another one beside it.
    const int PlacedAtOnce = 2;

    /// <summary>The most facts of a page.</summary>
    public const int Size = 256;

    readonly Turns placing = new("pages of traces", PlacedAtOnce, clock);

    string CommitsSql(Track track) => $"""
        select wanted.place, commits.{track.First}, commits.{track.Last}, commits.kind, commits.ids
        from unnest($1::int[], $2::bigint[]) with ordinality as wanted (workspace_id, after, place)
        cross join lateral (
            select *
            from commits
            where workspace_id = wanted.workspace_id
              {Only("$4")}
              and {track.Last} > wanted.after
            order by {track.Last}
            limit $3
        ) commits
        where commits.{track.First} <= wanted.after + $3
        order by wanted.place, commits.{track.Last}
        """;

    // The times are in the ids already; said as a range the planner leaves all other partitions out.
    string EventsSql => $"""
        select
        {StoredEvent.Columns},
        null as sort_key,
        e.workspace_id,
        node.id is not null
        from {Wanted("events", "e")}
        {StoredEvent.Joins(Where("e"))}
        left join lateral (
            select id
            from trace_nodes
            where workspace_id = {Where("e")}
              and id = e.id
            offset 0
        ) node on true
        """;

    string AuditSql => $"""
        select
        {StoredAudit.Columns},
        a.workspace_id
        from {Wanted("audit", "a")}
        """;

    string Wanted(string table, string row) => $"""
        unnest($1::int[], $2::timestamptz[], $3::uuid[]) as wanted (workspace_id, timestamp, id)
        cross join lateral (
            select *
            from {table}
            where workspace_id = wanted.workspace_id
              and timestamp = wanted.timestamp
              and id = wanted.id
              and timestamp between $4 and $5
              {Only("$6")}
            limit 1
        ) {row}
        """;

    // Workspaces of a cluster lie on different machines: there each is asked for itself, where it is.
    string Only(string workspace) => citus.IsOn ? $"and workspace_id = {workspace}" : "";

    string Where(string row) => citus.IsOn ? "$6" : $"{row}.workspace_id";

    /// <summary>For each place the page after it.</summary>
    public async Task<Task<FeedPage>[]> ReadAsync(NpgsqlDataSource store, IReadOnlyList<PagePlace> wanted)
    {
        if (citus.IsOn && wanted.Count > 1)
        {
            var each = new List<Task<FeedPage>>();
            foreach (var one in wanted)
                each.AddRange(await ReadAsync(store, [one]));
            return [.. each];
        }

        PagePart[] parts = [.. wanted.Select(place => new PagePart(place))];
        await using (var connection = await store.OpenConnectionAsync())
        {
            foreach (var track in parts.GroupBy(part => part.Place.Track))
                await ReadCommitsAsync(connection, track.Key, [.. track]);
            await ReadEventsAsync(connection, parts);
            await ReadAuditAsync(connection, parts);
            foreach (var part in parts)
                await ReadRequestsAsync(connection, part);
        }

        // Each for itself: what is hard to place in one workspace holds up no other.
        return Array.ConvertAll(parts, part => part.Related.Count == 0 ? Task.FromResult(part.Page()) : PlaceAsync(store, part));
    }

    SqlValue[] Only(PagePart[] parts) => citus.IsOn ? [parts[0].Workspace.Key] : [];

    Task ReadCommitsAsync(NpgsqlConnection connection, Track track, PagePart[] parts)
    {
        SqlValue[] values =
        [
            Array.ConvertAll(parts, part => part.Workspace.Key), Array.ConvertAll(parts, part => part.Place.After), (long)Size,
            .. Only(parts),
        ];
        return connection.EachAsync(CommitsSql(track), values, row => parts[row.GetInt64(0) - 1].Add(
            row.GetInt64(1), row.GetInt64(2), (StreamedKind)row.GetInt16(3), row.GetFieldValue<Guid[]>(4)), CancellationToken.None);
    }

    async Task ReadEventsAsync(NpgsqlConnection connection, PagePart[] parts)
    {
        if (Keys(StreamedKind.Event, parts) is not { } keys)
            return;
        var byWorkspace = parts.ToLookup(part => part.Workspace.Key);
        await connection.EachAsync(EventsSql, keys, row =>
        {
            var stored = StoredEvent.Read(row);
            const int own = StoredEvent.ColumnCount + 1;
            foreach (var part in byWorkspace[row.GetInt32(own)])
                part.Add(stored, hasNode: row.GetBoolean(own + 1));
        }, CancellationToken.None);
    }

    async Task ReadAuditAsync(NpgsqlConnection connection, PagePart[] parts)
    {
        if (Keys(StreamedKind.Audit, parts) is not { } keys)
            return;
        var byWorkspace = parts.ToLookup(part => part.Workspace.Key);
        await connection.EachAsync(AuditSql, keys, row =>
        {
            foreach (var part in byWorkspace[row.GetInt32(StoredAudit.ColumnCount)])
                part.Add(StoredAudit.Read(row, part.Workspace));
        }, CancellationToken.None);
    }

    // Their texts are the workspace's own: each workspace for itself.
    static async Task ReadRequestsAsync(NpgsqlConnection connection, PagePart part)
    {
        FactPlace[] places = [.. part.IdsOf(StreamedKind.Request).Select(id => new FactPlace(Storage.EventId.TimeOf(id)!.Value, id))];
        foreach (var (request, customer) in await new StoredRequests(connection, part.Workspace).WithCustomersAsync(places, default))
            part.Add(request, customer);
    }

    /// <summary>The keys of a kind's facts that the parts name; null when there are none.</summary>
    SqlValue[]? Keys(StreamedKind kind, PagePart[] parts)
    {
        var workspaces = new List<int>();
        var times = new List<DateTime>();
        var ids = new List<Guid>();
        var known = new HashSet<Guid>(); // pages of one workspace may overlap
        foreach (var part in parts)
            foreach (var id in part.IdsOf(kind).Where(known.Add))
            {
                workspaces.Add(part.Workspace.Key);
                times.Add(Storage.EventId.TimeOf(id)!.Value);
                ids.Add(id);
            }

        return ids.Count == 0 ? null : [workspaces.ToArray(), times.ToArray(), ids.ToArray(), times.Min(), times.Max(), .. Only(parts)];
    }

    // Most events stand alone. Only those in a trace have to be placed, which takes some look-ups.
    async Task<FeedPage> PlaceAsync(NpgsqlDataSource store, PagePart part)
    {
        using var turn = await placing.TakeAsync(part.Workspace.Id, CancellationToken.None);
        await part.PlaceAsync(store);
        return part.Page();
    }
}
