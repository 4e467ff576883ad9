using Analytics.Storage.Cells;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>
/// What raw events count for by the shares, payments and subscriptions they name, event by event. Some hundred bytes each: a recount of
/// all time holds those of a whole workspace, one of a short time those it needs.
/// </summary>
sealed class SalesRecount
{
    // Of the events of a time those that may count for a share, a payment or a subscription: they name one.
    const string NamedSql = """
        select e.share, e.type, e.metadata::text, e.subscription
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
          and (e.share is not null or e.subscription is not null or e.type = any($4))
        """;

    const string ExpiringSql = """
        select share
        from shares
        where workspace_id = $1
          and expiry_at >= $2
          and expiry_at < $3
        union all
        select share
        from shares
        where workspace_id = $1
          and expires_at <= created_at
          and expires_at >= $2
          and expires_at < $3
        """;

    readonly CommitSales sales;
    readonly Dictionary<int, Share> shares;
    readonly Dictionary<Guid, Payment> payments = [];
    readonly Dictionary<Guid, Share> creations = [];
    readonly Dictionary<Guid, Share> ends = [];
    readonly Dictionary<int, ShareEventKind> kinds;
    readonly Owners owners;

    SalesRecount(
        CommitSales sales, Dictionary<int, Share> shares, IReadOnlyList<Payment> all,
        List<(Guid Key, Subscriber Subscriber)> subscribers, Dictionary<int, ShareEventKind> kinds)
    {
        (this.sales, this.shares, this.kinds) = (sales, shares, kinds);
        var people = subscribers.ToDictionary(one => one.Key, one => one.Subscriber.Person);
        owners = new(share => share == 0 ? 0 : shares[share].Person, subscription => people.GetValueOrDefault(subscription));
        foreach (var share in shares.Values)
        {
            if (share.Creation is { } creation)
                creations.Add(creation.Moment.Id, share);
            if (share.EndingEvent is { } end)
                ends.Add(end.Id, share);
        }

        foreach (var payment in all)
        {
            if (payment.Completion is { } paid)
                payments.Add(paid.Moment.Id, payment);
            foreach (var refund in payment.Refunds.Keys)
                payments.Add(refund.Id, payment);
        }
    }

    /// <summary>The numbers of the event types that pay or pay back.</summary>
    public int[] PayingTypes => Paying(kinds);

    /// <summary>A recount of the time that <paramref name="sales"/> takes.</summary>
    public static async Task<SalesRecount> OpenAsync(CommitSales sales, NpgsqlConnection reading, int workspace, CancellationToken cancel)
    {
        var types = await reading.QueryAsync(
            "select type, name from event_types where workspace_id = $1", [workspace],
            row => (Type: row.GetInt32(0), Kind: ShareEvent.KindOf(row.GetString(1))), cancel);
        var known = types.Where(type => type.Kind != ShareEventKind.Other).ToDictionary();
        var store = new ShareStore(reading, workspace);
        if (sales.To != long.MaxValue)
            return await OfNamedAsync(store, sales, reading, workspace, known, cancel);
        var (ofShares, ofPayments) = await store.AllAsync(cancel);
        var subscribers = await new SubscriptionStore(reading, workspace).AllAsync(cancel);
        return new SalesRecount(sales, ofShares, ofPayments, subscribers, known);
    }

    static async Task<SalesRecount> OfNamedAsync(
        ShareStore store, CommitSales sales, NpgsqlConnection reading, int workspace, Dictionary<int, ShareEventKind> known,
        CancellationToken cancel)
    {
        var hashKey = await KeyHash.KeyOfAsync(reading, workspace, cancel);
        var (from, to) = (Sql.TimeOf(sales.From), Sql.TimeOf(sales.To));
        var paying = Paying(known);
        // What had run out before 2000 counts at its beginning.
        var since = sales.From <= Timeline.Year2000 ? Sql.TimeOf(long.MinValue) : from;
        var numbers = (await reading.QueryAsync(ExpiringSql, [workspace, since, to], row => row.GetInt32(0), cancel)).ToHashSet();
        var (keys, subscriptions) = (new HashSet<Guid>(), new HashSet<Guid>());
        await reading.EachAsync(NamedSql, [workspace, from, to, paying], row =>
        {
            if (!row.IsDBNull(0))
                numbers.Add(row.GetInt32(0));
            if (!row.IsDBNull(3))
                subscriptions.Add(row.GetGuid(3));
            if (IsPaying(known.GetValueOrDefault(row.GetInt32(1))))
                keys.Add(KeyHash.Of(hashKey, KeyKind.Payment, null, ShareEvent.Of(row.GetFieldValue<byte[]>(2)).PaymentId).ToUuid());
        }, cancel);
        var named = await store.PaymentsAsync(keys, cancel);
        numbers.UnionWith(named.SelectMany(payment => payment.Shares));
        subscriptions.UnionWith(named.SelectMany(payment => payment.Subscriptions));
        var ofShares = (await store.SharesAsync(numbers, cancel)).ToDictionary(share => share.Share.Number, share => share.Share);
        var subscribers = await new SubscriptionStore(reading, workspace).FindAsync(subscriptions, cancel);
        return new SalesRecount(sales, ofShares, named, subscribers, known);
    }

    static int[] Paying(Dictionary<int, ShareEventKind> kinds) => [.. kinds.Where(kind => IsPaying(kind.Value)).Select(kind => kind.Key)];

    static bool IsPaying(ShareEventKind kind) => kind is ShareEventKind.Paid or ShareEventKind.Refunded;

    /// <summary>Adds an event.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="person">Whom it names; 0 for nobody.</param>
    /// <param name="moment">When it happened.</param>
    /// <param name="cost">What it cost, and the share and subscription it names. A key below 0 is that of no cost.</param>
    /// <param name="metadata">What it says.</param>
    public void Add(int type, int person, Moment moment, CostCount cost, ReadOnlySpan<byte> metadata)
    {
        var kind = kinds.GetValueOrDefault(type);
        if (kind == ShareEventKind.Refunded && payments.TryGetValue(moment.Id, out var refunded))
            refunded.AddRefund(moment, sales, owners, 1);
        else
            AddEvent(kind, person, cost, metadata);
        if (kind == ShareEventKind.Paid && payments.TryGetValue(moment.Id, out var paid))
            paid.AddCompletion(sales, owners, 1);
        if (kind == ShareEventKind.Created && creations.TryGetValue(moment.Id, out var created))
            created.AddCreation(sales, 1);
        if (kind is ShareEventKind.Completed or ShareEventKind.Expired && ends.TryGetValue(moment.Id, out var ended))
            ended.AddEnd(sales, 1);
    }

    /// <summary>Adds the shares that end by themselves, and those that had run out before they were created.</summary>
    public void AddExpiries()
    {
        foreach (var share in shares.Values)
            share.AddExpiry(sales, 1);
    }

    void AddEvent(ShareEventKind kind, int person, CostCount cost, ReadOnlySpan<byte> metadata)
    {
        if (cost.Share > 0)
            ShareCount.Of(kind, person, cost.Timestamp, cost.Cost, metadata).AddTo(sales, shares[cost.Share], 1);
        if (cost.CostKey < 0)
            return;
        if (person == 0)
            cost.AddTo(sales, owners, 1);
        else
            sales.AddCost(person, cost.CostKey, cost.Timestamp, 1, cost.Cost);
    }
}
