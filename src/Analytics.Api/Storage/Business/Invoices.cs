using System.Text;
using Analytics.Storage.Facts;
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

    /// <summary>The statement that saves those that a group's events tell of; null when there are none.</summary>
    public static NpgsqlBatchCommand? Save(int workspace, byte[] hashKey, IReadOnlyList<NewEvent> events)
    {
        var told = new SortedDictionary<UInt128, (NewEvent Event, long Amount)>();
        foreach (var e in events.Where(e => e.Incoming.Name == EventName).OrderBy(e => e.Incoming.Timestamp).ThenBy(e => e.Id.ToSortable()))
        {
            MetadataPath.TryReadText(e.Incoming.Metadata.Span, "invoice_id", out var id);
            MetadataPath.TryReadNumber(e.Incoming.Metadata.Span, "amount_cents", out var amount);
            told.TryAdd(
                KeyHash.Of(hashKey, KeyKind.Invoice, null, Encoding.UTF8.GetBytes(id!)), (e, (long)(amount / Sketches.DecimalUnits.One)));
        }

        if (told.Count == 0)
            return null;
        return Sql.Statement(SaveSql,
        [
            workspace, told.Keys.Select(key => key.ToUuid()).ToArray(),
            told.Values.Select(one => Sql.TimeOf(one.Event.Incoming.Timestamp)).ToArray(),
            told.Values.Select(one => one.Event.Id).ToArray(), told.Values.Select(one => one.Event.Person).ToArray(),
            told.Values.Select(one => one.Amount).ToArray(),
        ]);
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
}
