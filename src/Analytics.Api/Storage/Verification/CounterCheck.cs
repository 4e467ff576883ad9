namespace Analytics.Storage.Verification;

/// <summary>The workspace's counters, and who is who: what is checked as a whole and in one statement each.</summary>
sealed class CounterCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string NumbersSql = """
        select 'people', count(*)::int, coalesce(max(person), 0) from people where workspace_id = $1
        union all
        select 'types', count(*)::int, coalesce(max(type), 0) from event_types where workspace_id = $1
        union all
        select 'shares', count(*)::int, coalesce(max(share), 0) from shares where workspace_id = $1
        union all
        select 'fields', count(*)::int, coalesce(max(field), 0) from fields where workspace_id = $1
        """;

    // Whoever is known by an external id is the customer that has it, or had it until it was erased under one pseudonym.
    const string LinksSql = """
        select named.person, named.same_as, known.person
        from people named
        left join customers c on c.workspace_id = $1 and c.external_id = named.external_id
        left join erasures e on e.workspace_id = $1 and e.pseudonym::text = named.external_id
        left join people known on known.workspace_id = $1 and known.customer_id = coalesce(c.id, e.pseudonym)
        where named.workspace_id = $1
          and named.same_as is distinct from known.person
        """;

    // Sequence numbers are handed out without a gap: all are there, once each.
    const string EventsSql = "select count(*), coalesce(sum(seq), 0) from events where workspace_id = $1";

    public async Task RunAsync(CancellationToken cancel)
    {
        var counters = snapshot.Counters;
        foreach (var (name, count, last) in await snapshot.ReadAsync(
            NumbersSql, [], row => (row.GetString(0), row.GetInt32(1), row.GetInt32(2)), cancel))
        {
            var counter = name switch
            {
                "people" => counters.People, "types" => counters.Types, "shares" => counters.Shares, _ => counters.Fields,
            };
            log.Compare("counters", name, "last number", counter, last);
            log.Compare("counters", name, "rows", counter, count);
        }

        var events = counters.Sequence;
        if (!snapshot.HasHorizon)
            await snapshot.EachAsync(EventsSql, [], row =>
            {
                log.Compare("counters", "events", "rows", events, row.GetInt64(0));
                log.Compare("counters", "events", "sum of sequence numbers", (Int128)events * (events + 1) / 2, (Int128)row.GetDecimal(1));
            }, cancel);
        await snapshot.EachAsync(LinksSql, [], row => log.Add(
            "counters", $"person {row.GetInt32(0)}", "same as", row.GetFieldValue<int?>(1), row.GetFieldValue<int?>(2)), cancel);
    }
}
