namespace Analytics.Storage.Verification;

/// <summary>
/// Was every row of subscriptions said by an event that names it and a customer? That no earlier one does is checked where raw events are
/// counted.
/// </summary>
sealed class SubscriptionCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Table = "subscriptions";

    const string RowsSql = $"""
        select {SubscriptionRow.Columns}, e.id is not null, e.metadata->>'subscription_id', coalesce(e.person, 0), e.portal is not null
        from (
            select *
            from subscriptions
            where workspace_id = $1
              and key > $2
            order by key
            limit $3
        ) s
        left join lateral (
            select id, metadata, person, portal
            from events
            where workspace_id = $1
              and timestamp = s.at
              and id = s.id
            offset 0
        ) e on true
        order by s.key
        """;

    sealed record Named(SubscriptionRow Row, bool IsThere, string? Id, int Person, bool IsPortals);

    /// <summary>The next rows in the order of their keys; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RowsAsync(Guid after, int most, CancellationToken cancel)
    {
        var rows = await snapshot.ReadAsync(
            RowsSql, [after, most],
            row => new Named(
                SubscriptionRow.Read(row), row.GetBoolean(4), RawEvent.Text(row, 5), row.GetInt32(6), row.GetBoolean(7)),
            cancel);
        foreach (var row in rows)
            Check(row);
        return rows.Count < most ? null : rows[^1].Row.Key;
    }

    void Check(Named named)
    {
        var words = $"subscription {named.Row.Key}";
        if (!named.IsThere)
        {
            if (named.Row.Named.At >= snapshot.Horizon)
                log.Add(Table, words, "named", named.Row.Named, null);
            return;
        }

        Guid? key = named.Id is { } id && !named.IsPortals ? snapshot.Counters.HashOf(id, KeyKind.Subscription) : null;
        log.Compare(Table, words, "subscription of its event", named.Row.Key, key);
        log.Compare(Table, words, "person", named.Row.Person, named.Person);
    }
}
