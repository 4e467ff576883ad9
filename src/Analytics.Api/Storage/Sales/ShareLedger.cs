using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>
/// Books what a group's events mean for shares, payments and subscriptions, in whatever order they come: what is known of each is
/// changed, and the difference between what it counted for before and counts for now is added to the activity. Runs under the workspace's
/// lock.
/// </summary>
sealed class ShareLedger(ShareStore store, SubscriptionStore subscribers, WorkspaceCounters counters, byte[] hashKey)
{
    readonly SubscriptionLedger subscriptions = new(subscribers);
    readonly Dictionary<Guid, int> numbers = [];
    readonly Dictionary<int, (Guid Key, Share Before, Share Now)> shares = [];
    readonly Dictionary<Guid, (Payment Before, Payment Now)> payments = [];
    readonly List<(Guid Payment, Refund Refund)> refunds = [];
    int firstNew;

    /// <summary>Gives every event its share, and adds what changes to <paramref name="activity"/>.</summary>
    public async Task BookAsync(List<NewEvent> events, CommitSales activity, CancellationToken cancel)
    {
        var concerned = events.Where(Concerns).ToList();
        if (concerned.Count == 0)
            return;
        firstNew = counters.Shares + 1;
        await LoadAsync(concerned, cancel);
        foreach (var e in concerned)
            Apply(e);
        await MoveStoredAsync(activity, cancel);

        foreach (var (_, before, now) in shares.Values.Where(share => share.Before != share.Now))
        {
            before.AddTo(activity, -1);
            now.AddTo(activity, 1);
        }

        foreach (var (before, now) in payments.Values)
        {
            before.AddTo(activity, Before, -1);
            now.AddTo(activity, Now, 1);
        }

        foreach (var e in concerned)
            Count(e, activity);
    }

    /// <summary>The statements that save what changed.</summary>
    public IEnumerable<NpgsqlBatchCommand> Save()
    {
        var changed = shares.Values.Where(share => share.Now.Number >= firstNew || share.Before != share.Now)
            .Select(share => (share.Key, share.Now)).OrderBy(share => share.Now.Number).ToList();
        if (changed.Count > 0)
            yield return store.Save(changed);
        var paid = payments.Values.Where(payment => payment.Before != payment.Now).Select(payment => payment.Now).ToList();
        if (paid.Count > 0)
            yield return store.Save(paid);
        if (refunds.Count > 0)
            yield return store.Save(refunds);
        foreach (var statement in subscriptions.Save())
            yield return statement;
    }

    Owners Before => new(PersonBefore, subscriptions.PersonBefore);

    Owners Now => new(PersonNow, subscriptions.PersonNow);

    static bool Concerns(NewEvent e) => !e.Incoming.ShareId.IsEmpty || e.CostKey is not null || e.Subscription != Guid.Empty
        || KindOf(e) is ShareEventKind.Paid or ShareEventKind.Refunded;

    static ShareEventKind KindOf(NewEvent e) => ShareEvent.KindOf(e.Incoming.Name);

    static Moment MomentOf(NewEvent e) => new(e.Incoming.Timestamp, e.Id);

    async Task LoadAsync(List<NewEvent> events, CancellationToken cancel)
    {
        var named = events.Where(e => !e.Incoming.ShareId.IsEmpty).ToLookup(e => HashOf(KeyKind.Share, e.Incoming.ShareId.Span));
        foreach (var (key, share) in await store.SharesAsync([.. named.Select(share => share.Key)], cancel))
            Add(key, share);
        foreach (var share in named)
        {
            if (!numbers.TryGetValue(share.Key, out var number))
                Add(share.Key, new Share(number = ++counters.Shares, null, null, null, 0));
            foreach (var e in share)
                e.Share = number;
        }

        var keys = events.Where(e => KindOf(e) is ShareEventKind.Paid or ShareEventKind.Refunded).Select(PaymentOf).Distinct().ToList();
        await LoadPaymentsAsync(keys, cancel);
        foreach (var key in keys)
            if (!payments.ContainsKey(key))
            {
                var unknown = new Payment(key, null, Payment.NoRefunds);
                payments.Add(key, (unknown, unknown));
            }

        await subscriptions.LoadAsync(events.Select(e => e.Subscription), cancel);
    }

    async Task LoadPaymentsAsync(List<Guid> keys, CancellationToken cancel)
    {
        foreach (var payment in await store.PaymentsAsync(keys, cancel))
            payments.Add(payment.Key, (payment, payment));
        await LoadSharesAsync(payments.Values.SelectMany(payment => payment.Before.Shares), cancel);
        await subscriptions.LoadAsync(payments.Values.SelectMany(payment => payment.Before.Subscriptions), cancel);
    }

    async Task LoadSharesAsync(IEnumerable<int> named, CancellationToken cancel)
    {
        var wanted = named.Where(share => share > 0 && !shares.ContainsKey(share)).ToHashSet();
        foreach (var (key, share) in await store.SharesAsync(wanted, cancel))
            Add(key, share);
    }

    void Add(Guid key, Share share)
    {
        numbers.Add(key, share.Number);
        shares.Add(share.Number, (key, share, share));
    }

    void Apply(NewEvent e)
    {
        var moment = MomentOf(e);
        subscriptions.Apply(e);
        switch (KindOf(e))
        {
            case ShareEventKind.Created:
                Change(e.Share, share => share.CreatedBy(Read(e).Creation(moment, e.Person)));
                break;
            case ShareEventKind.Completed:
                Change(e.Share, share => share with { Completed = Moment.Earlier(share.Completed, moment) });
                break;
            case ShareEventKind.Expired:
                Change(e.Share, share => share with { Expired = Moment.Earlier(share.Expired, moment) });
                break;
            case ShareEventKind.Paid:
                Pay(e, Read(e).Completion(moment, e));
                break;
            case ShareEventKind.Refunded:
                var refund = Read(e).Refund(moment, e);
                var key = PaymentOf(e);
                payments[key] = (payments[key].Before, payments[key].Now.RefundedBy(refund));
                refunds.Add((key, refund));
                break;
        }
    }

    void Pay(NewEvent e, Completion completion)
    {
        var key = PaymentOf(e);
        var (before, known) = payments[key];
        var now = known.CompletedBy(completion);
        payments[key] = (before, now);
        if (now == known)
            return;
        if (known.Completion is { Share: > 0 } former)
            Change(former.Share, share => share with { Payments = share.Payments - 1 });
        if (completion.Share > 0)
            Change(completion.Share, share => share with { Payments = share.Payments + 1 });
    }

    void Change(int number, Func<Share, Share> change)
    {
        var (key, before, now) = shares[number];
        shares[number] = (key, before, change(now));
    }

    /// <summary>
    /// What came before a share's customer or size was known, or was thought to be another, counts for those known now.
    /// </summary>
    async Task MoveStoredAsync(CommitSales activity, CancellationToken cancel)
    {
        var moved = shares.Values
            .Where(share => share.Now.Number < firstNew && (share.Before.Person != share.Now.Person || share.Before.Size != share.Now.Size))
            .Select(share => share.Now.Number).ToList();
        var others = subscriptions.Moved;
        if (moved.Count == 0 && others.Count == 0)
            return;
        var keys = (await store.PaymentsOfAsync(moved, cancel)).Concat(await subscribers.PaymentsOfAsync(others, cancel));
        await LoadPaymentsAsync([.. keys.Distinct().Where(key => !payments.ContainsKey(key))], cancel);
        foreach (var (share, count) in await store.EventsAsync(moved, cancel))
        {
            count.AddTo(activity, shares[share].Before, -1);
            count.AddTo(activity, shares[share].Now, 1);
        }

        await MoveCostsAsync(moved, others, activity, cancel);
    }

    async Task MoveCostsAsync(List<int> moved, IReadOnlyList<Guid> others, CommitSales activity, CancellationToken cancel)
    {
        var costs = await subscribers.CostsAsync(moved, others, cancel);
        await LoadSharesAsync(costs.Select(cost => cost.Share), cancel);
        await subscriptions.LoadAsync(costs.Select(cost => cost.Subscription), cancel);
        foreach (var cost in costs)
        {
            cost.AddTo(activity, Before, -1);
            cost.AddTo(activity, Now, 1);
        }
    }

    void Count(NewEvent e, CommitSales activity)
    {
        // Refunds have been counted with their payments.
        var (kind, cost) = (KindOf(e), e.Incoming.Fields.Cost ?? 0);
        if (kind == ShareEventKind.Refunded)
            return;
        if (e.Share > 0)
            ShareCount.Of(kind, e.Person, e.Incoming.Timestamp, cost, e.Incoming.Metadata.Span).AddTo(activity, shares[e.Share].Now, 1);
        if (e.CostKey is { } key)
            activity.AddCost(e.Person != 0 ? e.Person : Now.Of(e.Share, e.Subscription), key, e.Incoming.Timestamp, 1, cost);
    }

    int PersonBefore(int share) => share == 0 ? 0 : shares[share].Before.Person;

    int PersonNow(int share) => share == 0 ? 0 : shares[share].Now.Person;

    Guid PaymentOf(NewEvent e) => HashOf(KeyKind.Payment, Read(e).PaymentId);

    static ShareEvent Read(NewEvent e) => ShareEvent.Of(e.Incoming.Metadata.Span);

    Guid HashOf(KeyKind kind, ReadOnlySpan<byte> text) => KeyHash.Of(hashKey, kind, null, text).ToUuid();
}
