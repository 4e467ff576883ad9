namespace Analytics.Storage.Verification;

/// <summary>The workspace's counters, who is who, and the lists of runs: what is checked as a whole and in one statement each.</summary>
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

    const string AwaitedSql = """
        select count(*)::int
        from (
            select distinct parent as hash
            from events
            where workspace_id = $1
              and parent is not null
              and substr(parent::text, 15, 1) = '8'
        ) late
        where not exists (select from event_keys k where k.workspace_id = $1 and k.kind = 0 and k.hash = late.hash)
        """;

    // Events that waited may be gone, the trees of those they waited for are not.
    const string AwaitedTreesSql = """
        select count(*)::int
        from trees t
        where t.workspace_id = $1
          and t.type is null
          and not exists (select from event_keys k where k.workspace_id = $1 and k.kind = 0 and k.hash = t.id)
        """;

    // Whoever is known by an external id is the customer that has it, or had it until it was erased under one pseudonym.
    const string LinksSql = """
        select named.person, named.same_as, known.person
        from people named
        left join customers c on c.workspace_id = $1 and c.external_id = named.external_id
        left join people known on known.workspace_id = $1 and known.customer_id = coalesce(
            c.id, case when named.external_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then named.external_id::uuid end)
        where named.workspace_id = $1
          and named.same_as is distinct from known.person
        """;

    const string RunsSql = """
        select coalesce(r.rollup, p.rollup), coalesce(r.run, p.run), r.pages, p.pages, r.bytes, p.bytes
        from (select * from rollup_runs where workspace_id = $1) r
        full join (
            select rollup, run, count(*)::int as pages, sum(octet_length(data))::bigint as bytes
            from rollup_pages
            where workspace_id = $1
            group by rollup, run
        ) p on p.rollup = r.rollup and p.run = r.run
        where (r.pages, r.bytes) is distinct from (p.pages, p.bytes)
        """;

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

        var awaitedSql = snapshot.HasHorizon ? AwaitedTreesSql : AwaitedSql;
        foreach (var awaited in await snapshot.ReadAsync(awaitedSql, [], row => row.GetInt32(0), cancel))
            log.Compare("counters", "awaited parents", "count", counters.Phantoms, awaited);
        await snapshot.EachAsync(
            LinksSql, [], row => log.Add("counters", $"person {row.GetInt32(0)}", "same as", RawEvent.Int(row, 1), RawEvent.Int(row, 2)), cancel);
    }

    /// <summary>Every run has the pages it should, every page a run, every delta its facts.</summary>
    public async Task RunsAsync(CancellationToken cancel)
    {
        await snapshot.EachAsync(RunsSql, [], row => log.Add(
            "runs", $"{(Rollups.RollupId)row.GetInt16(0)} run {row.GetInt64(1)}", "pages and bytes",
            row.IsDBNull(2) ? null : $"{row.GetInt32(2)} and {row.GetInt64(4)}", row.IsDBNull(3) ? null : $"{row.GetInt32(3)} and {row.GetInt64(5)}"), cancel);
        await snapshot.EachAsync("select seq, facts, data from rollup_deltas where workspace_id = $1", [], row =>
        {
            var facts = 0;
            for (var delta = new Rollups.DeltaReader(row.GetFieldValue<byte[]>(2)); delta.Read();)
                facts++;
            log.Compare("runs", $"delta {row.GetInt64(0)}", "facts", row.GetInt32(1), facts);
            if (row.GetInt64(0) > snapshot.Counters.Sequence)
                log.Add("runs", $"delta {row.GetInt64(0)}", "sequence", row.GetInt64(0), $"at most {snapshot.Counters.Sequence}");
        }, cancel);
    }
}
