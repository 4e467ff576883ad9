using System.Text;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Statistics;

/// <summary>
/// Adds up traces from raw events: for metadata filters, and for fields the rollups do not know yet. One statement reads
/// trace after trace; it is bounded by events and by time, which answers 503.
/// </summary>
/// <param name="connection">Where to read.</param>
/// <param name="workspace">Whose events.</param>
/// <param name="question">Which roots, and what of them.</param>
/// <param name="people">Whose roots; null for everybody's.</param>
/// <param name="visible">The people whose events the caller sees: others' end the way down. Null for everybody's.</param>
sealed class RawTraces(
    NpgsqlConnection connection, Workspace workspace, TimeseriesQuestion question, int[]? people, int[]? visible)
{
    const short FirstField = 1_000;
    const int TracesBetweenLooks = 1_000;

    // Parallel workers would mix their traces' rows.
    const string SettingsSql = """
        set local statement_timeout = '10s'; set local enable_seqscan = off; set local max_parallel_workers_per_gather = 0
        """;

    sealed record Trace(int Bucket, int Type, int Person, Int128[] Values);

    /// <summary>Where the asked fields' totals stand in the cells, by their place in the question.</summary>
    public static short FieldOf(int place) => (short)(FirstField + place);

    /// <summary>Adds the traces that begin in the buckets; ends as soon as the answer would be too large.</summary>
    public async Task AddAsync(TraceTable table, IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        await connection.ExecuteAsync(SettingsSql, [], cancel);
        var values = new SqlValues();
        Trace? trace = null;
        var (roots, below) = (0, 0);
        await connection.EachAsync(TracesSql(buckets, values), values, row =>
        {
            if (!row.GetBoolean(0))
            {
                if (++below > WayDown.MaxEvents)
                    throw new TooMuchToReadException("These traces have too many events to be added up at once; ask for a shorter time.");
                Count(trace!.Values, row.Bytes(1));
                return;
            }

            Add(table, trace);
            trace = Read(row, buckets);
            if (++roots % TracesBetweenLooks == 0)
                question.CheckSize(table.Types.Count);
        }, cancel);
        Add(table, trace);
        question.CheckSize(table.Types.Count);
    }

    /// <summary>A row each root, and behind it one each event below.</summary>
    string TracesSql(IReadOnlyList<Bucket> buckets, SqlValues values)
    {
        var (one, key) = (values.Add(workspace.Key), values.Add(KeyHash.EventKey(workspace.HashKey)));
        var where = new StringBuilder($"""
            where e.workspace_id = {one}
              and e.timestamp >= {values.Add(buckets[0].From.UtcDateTime)}
              and e.timestamp < {values.Add(buckets[^1].To.UtcDateTime)}
              and e.parent is null
            """);
        if (people is not null)
            where.Append($"\n  and e.person = any({values.Add(people)})");
        foreach (var (text, wanted) in question.Metadata)
        {
            var path = new MetadataPath(text);
            where.Append($"\n  and {path.AsText("e.metadata", values.Add(path.Keys))} = any({values.Add(wanted)})");
        }

        const string Start = "select 1 as at, e.id, e.external_id, e.portal, e.person, null::jsonb as metadata where node.id is not null";
        return $"""
            select part.is_root, part.metadata::text, e.type, coalesce(e.person, 0), e.timestamp
            from events e
            left join lateral (
                select id
                from trace_nodes
                where workspace_id = {one}
                  and id = e.id
                offset 0
            ) node on true
            cross join lateral (
                select true as is_root, e.metadata
                union all
                select false, below.metadata
                from (
                    {WayDown.Sql(one, key, Start, values.Add(visible))}
                    select metadata
                    from down
                    where is_below
                ) below
            ) part
            {where}
            """;
    }

    Trace Read(NpgsqlDataReader row, IReadOnlyList<Bucket> buckets)
    {
        var values = new Int128[question.Fields.Length];
        Count(values, row.Bytes(1));
        var bucket = Buckets.IndexOf(buckets, row.GetFieldValue<DateTimeOffset>(4));
        return new Trace(bucket, row.GetInt32(2), row.GetInt32(3), values);
    }

    void Count(Int128[] values, ReadOnlySpan<byte> metadata)
    {
        for (var at = 0; at < values.Length && !metadata.IsEmpty; at++)
            if (MetadataPath.TryReadNumber(metadata, question.Fields[at], out var value))
                values[at] += value;
    }

    static void Add(TraceTable table, Trace? trace)
    {
        if (trace is null || table.Cell(trace.Bucket, trace.Type) is not { } cell)
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
