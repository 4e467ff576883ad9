using System.Text;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Statistics;

/// <summary>
/// Adds up traces from raw events: for metadata filters, and for fields the rollups do not know yet. Some thousand roots at a time,
/// bounded by a timeout, which answers 503.
/// </summary>
sealed class RawTraces(NpgsqlConnection connection, Workspace workspace, TimeseriesQuestion question, int[]? people)
{
    const short FirstField = 1_000;
    const int TracesAtOnce = 5_000;

    const string ChildrenSql = """
        select id, external_id, parent, metadata::text
        from events
        where workspace_id = $1
          and parent = any($2)
        """;

    sealed record Trace(int Bucket, int Type, int Person, Int128[] Values);

    /// <summary>Where the asked fields' totals stand in the cells, by their place in the question.</summary>
    public static short FieldOf(int place) => (short)(FirstField + place);

    public async Task AddAsync(TraceTable table, IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        await connection.ExecuteAsync("set local statement_timeout = '10s'; set local enable_seqscan = off", [], cancel);
        (DateTime, Guid)? last = (buckets[0].From.UtcDateTime, Guid.Empty);
        while (last is { } after)
            last = await AddRootsAsync(table, buckets, after, cancel);
    }

    /// <summary>Adds the next roots, and all below them; the last of them, when there may be more.</summary>
    async Task<(DateTime, Guid)?> AddRootsAsync(
        TraceTable table, IReadOnlyList<Bucket> buckets, (DateTime, Guid) after, CancellationToken cancel)
    {
        var withChildren = new List<(Guid Id, byte[] ExternalId, Trace Trace)>();
        var values = new SqlValues();
        var (count, last) = (0, after);
        await connection.EachAsync(RootsSql(buckets[^1].To, after, values), values, row =>
        {
            count++;
            last = (row.GetDateTime(6), row.GetGuid(2));
            var trace = Read(row, buckets);
            if (row.GetBoolean(5))
                withChildren.Add((row.GetGuid(2), row.Bytes(3), trace));
            else
                Add(table, trace);
        }, cancel);
        await AddDescendantsAsync(withChildren, cancel);
        foreach (var (_, _, trace) in withChildren)
            Add(table, trace);
        question.CheckSize(table.Types.Count);
        return count == TracesAtOnce ? last : null;
    }

    string RootsSql(DateTimeOffset to, (DateTime Timestamp, Guid Id) after, SqlValues values)
    {
        var where = new StringBuilder($"""
            where e.workspace_id = {values.Add(workspace.Key)}
              and e.timestamp >= {values.Add(after.Timestamp)}
              and (e.timestamp, e.id) > ({values.Add(after.Timestamp)}, {values.Add(after.Id)})
              and e.timestamp < {values.Add(to.UtcDateTime)}
              and e.parent is null
            """);
        if (people is not null)
            where.Append($"\n  and e.person = any({values.Add(people)})");
        foreach (var (text, wanted) in question.Metadata)
        {
            var path = new MetadataPath(text);
            where.Append($"\n  and {path.AsText("e.metadata", values.Add(path.Keys))} = any({values.Add(wanted)})");
        }

        return $"""
            select e.type, coalesce(e.person, 0), e.id, e.external_id, e.metadata::text, t.id is not null, e.timestamp
            from events e
            left join trace_nodes t on t.workspace_id = e.workspace_id and t.id = e.id
            {where}
            order by e.timestamp, e.id
            limit {values.Add(TracesAtOnce)}
            """;
    }

    Trace Read(NpgsqlDataReader reader, IReadOnlyList<Bucket> buckets)
    {
        var values = new Int128[question.Fields.Length];
        Count(values, reader.Bytes(4));
        var bucket = Buckets.IndexOf(buckets, reader.GetFieldValue<DateTimeOffset>(6));
        return new Trace(bucket, reader.GetInt32(0), reader.GetInt32(1), values);
    }

    void Count(Int128[] values, ReadOnlySpan<byte> metadata)
    {
        for (var at = 0; at < values.Length && !metadata.IsEmpty; at++)
            if (MetadataPath.TryReadNumber(metadata, question.Fields[at], out var value))
                values[at] += value;
    }

    /// <summary>Goes down the traces level by level; children name their parent by its id or by the hash of its external id.</summary>
    async Task AddDescendantsAsync(List<(Guid Id, byte[] ExternalId, Trace Trace)> roots, CancellationToken cancel)
    {
        var level = new Dictionary<Guid, Trace>();
        foreach (var (id, externalId, trace) in roots)
            AddNames(level, id, externalId, trace);
        while (level.Count > 0)
        {
            var parents = level;
            level = [];
            await connection.EachAsync(ChildrenSql, [workspace.Key, parents.Keys.ToArray()], row =>
            {
                var trace = parents[row.GetGuid(2)];
                Count(trace.Values, row.Bytes(3));
                AddNames(level, row.GetGuid(0), row.Bytes(1), trace);
            }, cancel);
        }
    }

    void AddNames(Dictionary<Guid, Trace> level, Guid id, byte[] externalId, Trace trace)
    {
        level[id] = trace;
        if (externalId.Length > 0)
            level[KeyHash.Of(workspace.HashKey, KeyKind.Event, externalId).ToUuid()] = trace;
    }

    static void Add(TraceTable table, Trace trace)
    {
        if (table.Cell(trace.Bucket, trace.Type) is not { } cell)
            return;
        cell.Roots++;
        cell.AddToSet(trace.Person);
        for (var at = 0; at < trace.Values.Length; at++)
        {
            if (trace.Values[at] == 0)
                continue;
            var totals = cell.Totals(FieldOf(at));
            totals.Sum += trace.Values[at];
            totals.Values.Add(trace.Values[at]);
            totals.Values.Compact();
        }
    }
}
