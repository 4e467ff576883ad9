using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>Was every row of invoices told by an event that says the same, and does none tell of an invoice before its row's?</summary>
sealed class InvoiceCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Table = "invoices";
    const string EventName = "invoice.created";
    const string Columns = "i.key, i.created_at, i.id, i.person, i.amount";

    const string RowsSql = $"""
        select {Columns}, e.type, e.metadata::text, coalesce(e.person, 0)
        from (
            select *
            from invoices
            where workspace_id = $1
              and key > $2
            order by key
            limit $3
        ) i
        left join lateral (
            select type, metadata, person
            from events
            where workspace_id = $1
              and timestamp = i.created_at
              and id = i.id
            offset 0
        ) e on true
        order by i.key
        """;

    const string ByKeySql = $"""
        select {Columns}
        from unnest($2) as wanted (key)
        cross join lateral (
            select *
            from invoices
            where workspace_id = $1
              and key = wanted.key
            offset 0
        ) i
        """;

    sealed record Row(Guid Key, Said Told, int Person, long Amount)
    {
        public string Words => $"invoice {Key}";

        public static Row Read(NpgsqlDataReader row) => new(row.GetGuid(0), Said.Read(row, 1)!, row.GetInt32(3), row.GetInt64(4));
    }

    /// <summary>The next rows in the order of their keys; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RowsAsync(Guid after, int most, CancellationToken cancel)
    {
        var rows = await snapshot.ReadAsync(
            RowsSql, [after, most],
            row => (Row: Row.Read(row), Type: row.GetFieldValue<int?>(5), Metadata: RawEvent.Text(row, 6), Person: row.GetInt32(7)),
            cancel);
        foreach (var (row, type, metadata, person) in rows)
            if (type is { } known && snapshot.TypeName(known) == EventName)
                Compare(row, RawDetails.Read(metadata), person);
            else if (row.Told.At >= snapshot.Horizon)
                log.Add(Table, row.Words, "told", row.Told, null);
        return rows.Count < most ? null : rows[^1].Row.Key;
    }

    /// <summary>Whether what these events tell of is known, from them or from earlier ones.</summary>
    public async Task RunAsync(IEnumerable<RawEvent> events, CancellationToken cancel)
    {
        var told = events.Where(e => snapshot.TypeName(e.Type) == EventName)
            .Select(e => (Event: e, Key: KeyOf(RawDetails.Read(e.Metadata)))).ToList();
        if (told.Count == 0)
            return;
        var rows = (await snapshot.ReadAsync(ByKeySql, [told.Select(one => one.Key).Distinct().ToArray()], Row.Read, cancel))
            .ToDictionary(row => row.Key);
        foreach (var (e, key) in told)
            if (rows.GetValueOrDefault(key) is var row && (row is null || new Said(e.Timestamp, e.Id).IsBefore(row.Told)))
                log.Add(Table, $"invoice {key}", "told", row?.Told, new Said(e.Timestamp, e.Id));
    }

    void Compare(Row row, RawDetails said, int person)
    {
        log.Compare(Table, row.Words, "invoice of its event", row.Key, KeyOf(said));
        log.Compare(Table, row.Words, "person", row.Person, person);
        log.Compare(Table, row.Words, "amount", row.Amount, said.Count("amount_cents") ?? 0);
    }

    Guid KeyOf(RawDetails said) => snapshot.Counters.HashOf(said.InvoiceId, KeyKind.Invoice);
}
