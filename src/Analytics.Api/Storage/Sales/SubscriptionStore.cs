using Analytics.Sketches;
using Analytics.Storage.Cells;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>Reads and writes whose a workspace's subscriptions are, and the costs that hang on them.</summary>
sealed class SubscriptionStore(NpgsqlConnection connection, int workspace)
{
    // Lateral and by whole keys, as everywhere under the lock: no plan may scan.
    const string FindSql = """
        select known.key, known.at, known.id, known.person
        from unnest($2) as wanted (key)
        cross join lateral (
            select *
            from subscriptions
            where workspace_id = $1
              and key = wanted.key
            offset 0
        ) known
        """;

    const string SaveSql = """
        insert into subscriptions (workspace_id, key, at, id, person)
        select $1, changed.*
        from unnest($2, $3, $4, $5) as changed
        on conflict (workspace_id, key) do update
        set at = excluded.at, id = excluded.id, person = excluded.person
        """;

    const string PaymentsSql = """
        select named.payment
        from unnest($2) as wanted (subscription)
        cross join lateral (
            select payment
            from refunds
            where workspace_id = $1
              and subscription = wanted.subscription
            offset 0
        ) named
        """;

    // Costs that name no customer, of some shares ($2) and of some subscriptions ($3); refunds go with their payments.
    const string CostsSql = """
        select coalesce(e.share, 0), e.subscription, e.cost_key, e.quarter, count(*), coalesce(sum(e.cost), 0)::text
        from (
            select one.share, one.subscription, one.cost_key,
                floor(extract(epoch from one.timestamp - '2000-01-01Z'::timestamptz) / 900)::int as quarter,
                (one.metadata -> '_cost' ->> 'amount')::numeric as cost
            from (
                select found.*
                from unnest($2) as wanted (share)
                cross join lateral (
                    select share, subscription, cost_key, timestamp, type, metadata
                    from events
                    where workspace_id = $1
                      and share = wanted.share
                      and person is null
                      and cost_key is not null
                    offset 0
                ) found
                union all
                select found.*
                from unnest($3) as wanted (subscription)
                cross join lateral (
                    select share, subscription, cost_key, timestamp, type, metadata
                    from events
                    where workspace_id = $1
                      and subscription = wanted.subscription
                      and (share is null or share <> all($2))
                    offset 0
                ) found
            ) one
            cross join lateral (
                select name
                from event_types
                where workspace_id = $1
                  and type between one.type and one.type
                order by type
                limit 1
            ) t
            where t.name <> 'payment.refunded'
        ) e
        group by 1, 2, 3, 4
        """;

    /// <summary>Those of some subscriptions; of nobody's there is nothing.</summary>
    public Task<List<(Guid Key, Subscriber Subscriber)>> FindAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancel) =>
        keys.Count == 0 ? Task.FromResult(new List<(Guid, Subscriber)>()) : connection.QueryAsync(
            FindSql, [workspace, keys.ToArray()], Read, cancel);

    /// <summary>Those of all subscriptions.</summary>
    public Task<List<(Guid Key, Subscriber Subscriber)>> AllAsync(CancellationToken cancel) => connection.QueryAsync(
        "select key, at, id, person from subscriptions where workspace_id = $1", [workspace], Read, cancel);

    /// <summary>The keys of payments a refund of which names one of these subscriptions.</summary>
    public async Task<List<Guid>> PaymentsOfAsync(IReadOnlyCollection<Guid> subscriptions, CancellationToken cancel) =>
        subscriptions.Count == 0
            ? []
            : await connection.QueryAsync(PaymentsSql, [workspace, subscriptions.ToArray()], row => row.GetGuid(0), cancel);

    /// <summary>Stored costs that name no customer but one of these shares or subscriptions, by what they name and quarter hour.</summary>
    public Task<List<CostCount>> CostsAsync(
        IReadOnlyCollection<int> shares, IReadOnlyCollection<Guid> subscriptions, CancellationToken cancel) =>
        connection.QueryAsync(CostsSql, [workspace, shares.ToArray(), subscriptions.ToArray()], row => new CostCount(
            row.GetInt32(0), row.GetFieldValue<Guid?>(1) ?? Guid.Empty, row.GetInt32(2),
            Timeline.Year2000 + row.GetInt32(3) * Timeline.QuarterHour, row.GetInt64(4), DecimalUnits.Of(row.GetString(5))), cancel);

    public NpgsqlBatchCommand Save(IReadOnlyList<(Guid Key, Subscriber Subscriber)> changed) => Sql.Statement(SaveSql,
    [
        workspace, changed.Select(one => one.Key).ToArray(), changed.Select(one => Sql.TimeOf(one.Subscriber.Moment.At)).ToArray(),
        changed.Select(one => one.Subscriber.Moment.Id).ToArray(), changed.Select(one => one.Subscriber.Person).ToArray(),
    ]);

    static (Guid Key, Subscriber Subscriber) Read(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(new Moment(row.Microseconds(1), row.GetGuid(2)), row.GetInt32(3)));
}
