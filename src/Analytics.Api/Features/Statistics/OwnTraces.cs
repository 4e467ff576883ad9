using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Statistics;

/// <summary>
/// Puts right what rollups say of the traces of some people: they hold whole traces, and others may have a part in them. Each such
/// trace is taken out, and put in again with what these people's events in it add up to, as far as they hang together.
/// </summary>
sealed class OwnTraces(NpgsqlConnection connection, Workspace workspace, int[] visible, string[] fields)
{
    // Ids begin with their event's time.
    const string MixedSql = """
        select node.root, node.type, node.fields, node.sums
        from unnest($4) as wanted (person)
        cross join lateral (
            select root, type, fields, sums
            from trace_nodes
            where workspace_id = $1
              and person = wanted.person
              and root >= $2
              and root < $3
              and mixed
              and up is null
              and type is not null
            offset 0
        ) node
        """;

    sealed record Trace(Guid Root, int Type, short Fields, Dictionary<short, Int128> Sums, Int128[] Own);

    /// <summary>Corrects the table's cells.</summary>
    /// <param name="table">What the rollups say.</param>
    /// <param name="buckets">The table's buckets.</param>
    /// <param name="people">Whose roots are in the table.</param>
    /// <param name="numbers">The asked fields' numbers.</param>
    /// <param name="cancel">Ends the read.</param>
    public async Task CorrectAsync(
        TraceTable table, IReadOnlyList<Bucket> buckets, int[] people, short[] numbers, CancellationToken cancel)
    {
        SqlValue[] range = [Least(buckets[0].From), Least(buckets[^1].To)];
        var traces = await connection.QueryAsync(
            MixedSql, [workspace.Key, .. range, people],
            row => new Trace(
                row.GetGuid(0), row.GetInt32(1), row.GetInt16(2), NodeSums.Read(row.GetFieldValue<byte[]>(3)), new Int128[numbers.Length]),
            cancel);
        await EachAsync(traces, visible, (trace, at, value) => trace.Own[at] += value, cancel);

        // Rollups know a field of all traces; a node knows those that were registered when it was written.
        await EachAsync(traces.Where(trace => numbers.Max() > trace.Fields), null, (trace, at, value) =>
        {
            if (numbers[at] > trace.Fields)
                trace.Sums[numbers[at]] = trace.Sums.GetValueOrDefault(numbers[at]) + value;
        }, cancel);
        foreach (var trace in traces)
            if (table.Cell(BucketOf(trace, buckets), trace.Type) is { } cell)
                for (var at = 0; at < numbers.Length; at++)
                    Correct(cell.Totals(numbers[at]), trace.Sums.GetValueOrDefault(numbers[at]), trace.Own[at]);
    }

    /// <summary>Gives every value of the fields in the traces, as far as these people's events hang together.</summary>
    async Task EachAsync(
        IEnumerable<Trace> traces, int[]? people, Action<Trace, int, Int128> each, CancellationToken cancel)
    {
        var byRoot = traces.ToDictionary(trace => trace.Root);
        var below = new WayDown(connection, workspace.Key, workspace.HashKey, byRoot.Keys) { Visible = people };
        await below.EachAsync(step =>
        {
            for (var at = 0; at < fields.Length && step.Metadata.Length > 0; at++)
                if (MetadataPath.TryReadNumber(step.Metadata, fields[at], out var value))
                    each(byRoot[below.Starts[step.Start]], at, value);
        }, cancel);
    }

    static void Correct(Storage.Cells.FieldTotals totals, Int128 whole, Int128 own)
    {
        if (whole == own)
            return;
        totals.Sum += own - whole;
        if (whole != 0)
            totals.Values.Add(whole, -1);
        if (own != 0)
            totals.Values.Add(own);
    }

    static int BucketOf(Trace trace, IReadOnlyList<Bucket> buckets) =>
        Buckets.IndexOf(buckets, new DateTimeOffset(Storage.EventId.TimeOf(trace.Root)!.Value));

    static Guid Least(DateTimeOffset instant) =>
        Storage.EventId.Least(Math.Max(0, (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
}
