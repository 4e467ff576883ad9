using Analytics.Sketches;
using Analytics.Storage.Shares;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>Reads a workspace's raw events from a snapshot and writes them as new runs, which are of tier 0 until they replace the old ones.</summary>
sealed class Recount(NpgsqlConnection reading, NpgsqlConnection writing, int workspace, long barrier)
{
    const int FactsAtOnce = 100_000;
    const int BytesAtOnce = 24 * 1024 * 1024;
    const short NotYet = 0;
    static readonly DateTime NoHorizon = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    const string EventsSql = """
        select e.type, coalesce(e.person, 0), e.timestamp, e.id, e.parent is null, e.tree, e.metadata::text, coalesce(e.share, 0)
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
        order by e.timestamp, e.id
        """;

    readonly CommitFacts facts = new();
    readonly CommitSales activity = new();
    readonly ByteWriter packed = new();
    readonly List<StoredDelta> deltas = [];
    readonly KeptTraces kept = new();
    int bytes;
    Timeline timeline = Timeline.Utc;

    public async Task RunAsync(IProgress<long>? progress, CancellationToken cancel)
    {
        var registered = await RegisteredFields.ReadAsync(writing, workspace, cancel);
        var (zone, horizon) = await SettingsAsync(cancel);
        timeline = Timeline.Of(zone);
        await new SealedCells(reading, workspace, horizon).CopyAsync(AddDeltaAsync, writing, barrier, cancel);
        var descendants = await DescendantsAsync(registered, horizon, cancel);
        if (horizon != NoHorizon)
            await kept.LoadAsync(reading, workspace, cancel);
        var shares = await ActivityRecount.OpenAsync(
            activity, reading, workspace, (horizon.Ticks - DateTime.UnixEpoch.Ticks) / 10, cancel);

        var pending = 0;
        long done = 0;
        await using var command = new NpgsqlCommand(EventsSql, reading) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = horizon });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            Add(reader, registered, descendants, shares);
            if (++done % 100_000 == 0)
                progress?.Report(done);
            if (++pending < FactsAtOnce)
                continue;
            pending = 0;
            await AddDeltaAsync(Pack(), cancel);
        }

        shares.AddExpiries();
        await AddDeltaAsync(Pack(), cancel);
        await WriteAsync(cancel);
        progress?.Report(done);
    }

    void Add(NpgsqlDataReader reader, List<string> registered, TraceSums descendants, ActivityRecount shares)
    {
        var (type, person, id) = (reader.GetInt32(0), reader.GetInt32(1), reader.GetGuid(3));
        var timestamp = (reader.GetDateTime(2).Ticks - DateTime.UnixEpoch.Ticks) / 10;
        var isRoot = reader.GetBoolean(4);
        byte[] metadata = reader.IsDBNull(6) ? [] : reader.GetFieldValue<byte[]>(6);
        var values = EventValues.Of(metadata, registered);
        var cost = values.Find(value => value.Field == FieldCatalogue.Cost).Value;
        facts.AddEvent(person, timestamp, type, cost, isRoot);
        shares.Add(type, reader.GetInt32(7), person, new Moment(timestamp, id), cost, metadata);
        if (!isRoot)
            return;
        descendants.AddTo(id, values);
        kept.Replace(id, values);
        foreach (var (field, value) in values)
            facts.AddValue(person, timestamp, type, field, value, 1);
    }

    StoredDelta Pack()
    {
        var delta = new StoredDelta(facts.Pack(packed, out _), activity.Pack(packed));
        facts.Clear();
        activity.Clear();
        return delta;
    }

    async Task AddDeltaAsync(StoredDelta delta, CancellationToken cancel)
    {
        deltas.Add(delta);
        bytes += delta.Length;
        if (bytes > BytesAtOnce)
            await WriteAsync(cancel);
    }

    async Task WriteAsync(CancellationToken cancel)
    {
        await new DeltaFold(writing, workspace, timeline, PersonDays.MinBytes).WriteAsync(deltas, NotYet, 0, barrier, cancel);
        deltas.Clear();
        bytes = 0;
    }

    /// <summary>What the descendants of each root add up to.</summary>
    async Task<TraceSums> DescendantsAsync(List<string> registered, DateTime horizon, CancellationToken cancel)
    {
        var ups = new Dictionary<Guid, Guid>();
        await using (var command = new NpgsqlCommand("select id, up from trees where workspace_id = $1 and up is not null", reading))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                ups[reader.GetGuid(0)] = reader.GetGuid(1);
        }

        var sums = new TraceSums();
        await using var members = new NpgsqlCommand("""
            select tree, metadata::text
            from events
            where workspace_id = $1
              and parent is not null
            """, reading) { CommandTimeout = 0 };
        members.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        await using var rows = await members.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var top = rows.GetGuid(0);
            while (ups.TryGetValue(top, out var up))
                top = up;
            if (horizon != NoHorizon)
                kept.Saw(top);
            foreach (var (field, value) in EventValues.Of(rows.IsDBNull(1) ? [] : rows.GetFieldValue<byte[]>(1), registered))
                sums.Add(top, field, value);
        }

        return sums;
    }

    async Task<(string Zone, DateTime Horizon)> SettingsAsync(CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rollup_zone, horizon from workspace_seq where workspace_id = $1", reading);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetString(0), reader.IsDBNull(1) ? NoHorizon : reader.GetDateTime(1));
    }
}
