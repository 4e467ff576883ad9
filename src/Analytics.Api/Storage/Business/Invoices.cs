using System.Text;
using Analytics.Sketches;
using Analytics.Storage.Facts;
using Analytics.Storage.Sales;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>What customers were invoiced: of several events of an invoice the earliest counts, ids decide between equals.</summary>
static class Invoices
{
    public const string EventName = "invoice.created";

    const string SaveSql = """
        insert into invoices (workspace_id, key, created_at, id, person, amount)
        select $1, key, created_at, id, person, amount
        from unnest($2, $3, $4, $5, $6) as told (key, created_at, id, person, amount)
        on conflict (workspace_id, key) do update
        set created_at = excluded.created_at, id = excluded.id, person = excluded.person, amount = excluded.amount
        where (excluded.created_at, excluded.id) < (invoices.created_at, invoices.id)
        """;

    const string TotalsSql = """
        select person, sum(amount)::bigint
        from invoices
        where workspace_id = $1
          and created_at >= $2
          and created_at < $3
        group by person
        """;

    const string TypeSql = "select type from event_types where workspace_id = $1 and name = $2";

    const string EventsSql = """
        select timestamp, id, coalesce(person, 0), metadata::text
        from events
        where workspace_id = $1
          and timestamp >= $2
          and type = $3
        """;

    // Of those that events have told since the snapshot nothing is known here.
    const string ClearSql = """
        delete from invoices
        where workspace_id = $1
          and created_at >= $2
          and not exists (
            select
            from events
            where events.workspace_id = $1
              and events.timestamp = invoices.created_at
              and events.id = invoices.id
              and events.seq > $3)
        """;

    /// <summary>An invoice as an event tells of it.</summary>
    sealed record Told(UInt128 Key, Moment Moment, int Person, long Amount)
    {
        public static Told Of(byte[] hashKey, Moment moment, int person, ReadOnlySpan<byte> metadata)
        {
            MetadataPath.TryReadText(metadata, "invoice_id", out var id);
            MetadataPath.TryReadNumber(metadata, "amount_cents", out var amount);
            var key = KeyHash.Of(hashKey, KeyKind.Invoice, null, Encoding.UTF8.GetBytes(id ?? ""));
            return new(key, moment, person, (long)(amount / DecimalUnits.One));
        }
    }

    /// <summary>The statement that saves those that a group's events tell of; null when there are none.</summary>
    public static NpgsqlBatchCommand? Save(int workspace, byte[] hashKey, IReadOnlyList<NewEvent> events)
    {
        var told = events.Where(e => e.Incoming.Name == EventName)
            .Select(e => Told.Of(hashKey, new(e.Incoming.Timestamp, e.Id), e.Person, e.Incoming.Metadata.Span)).ToList();
        return told.Count == 0 ? null : Sql.Statement(SaveSql, ValuesOf(workspace, told));
    }

    /// <summary>The cents of each person in a time, by number; 0 is nobody.</summary>
    public static async Task<Dictionary<int, long>> TotalsAsync(
        NpgsqlConnection snapshot, int workspace, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var totals = new Dictionary<int, long>();
        await snapshot.EachAsync(
            TotalsSql, [workspace, from.UtcDateTime, to.UtcDateTime], row => totals.Add(row.GetInt32(0), row.GetInt64(1)), cancel);
        return totals;
    }

    /// <summary>
    /// Replaces what raw events of a snapshot tell of, from the horizon on; what events have told since then stays. In a transaction of
    /// <paramref name="writing"/>, which holds the workspace's lock.
    /// </summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection reading, NpgsqlConnection writing, int workspace, long horizon, CancellationToken cancel)
    {
        var last = await reading.ScalarAsync<long>("select seq from workspace_seq where workspace_id = $1", [workspace], cancel);
        var hashKey = await KeyHash.KeyOfAsync(reading, workspace, cancel);
        var told = new List<Told>();
        if (await reading.FirstAsync<int?>(TypeSql, [workspace, EventName], row => row.GetInt32(0), cancel) is { } type)
            await reading.EachForAsLongAsItTakesAsync(
                EventsSql, [workspace, Sql.TimeOf(horizon), type],
                row => told.Add(Told.Of(hashKey, new(row.Microseconds(0), row.GetGuid(1)), row.GetInt32(2), row.Bytes(3))), cancel);
        await writing.ExecuteForAsLongAsItTakesAsync(ClearSql, [workspace, Sql.TimeOf(horizon), last], cancel);
        await writing.ExecuteForAsLongAsItTakesAsync(SaveSql, ValuesOf(workspace, told), cancel);
    }

    // A statement takes each key once: the earliest.
    static SqlValue[] ValuesOf(int workspace, IEnumerable<Told> told)
    {
        var first = told.OrderBy(one => one.Moment).DistinctBy(one => one.Key).OrderBy(one => one.Key).ToList();
        return
        [
            workspace, first.Select(one => one.Key.ToUuid()).ToArray(), first.Select(one => Sql.TimeOf(one.Moment.At)).ToArray(),
            first.Select(one => one.Moment.Id).ToArray(), first.Select(one => one.Person).ToArray(),
            first.Select(one => one.Amount).ToArray(),
        ];
    }
}
