namespace Analytics.Storage.Verification;

/// <summary>
/// Is what raw events say of costs booked? What a cost is told apart by is what its number stands for; whose a subscription is was said
/// by this event or an earlier one.
/// </summary>
sealed class CostCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    public void Run(IReadOnlyList<RawSale> events, StoredSales sales, StoredCosts known)
    {
        foreach (var e in events)
        {
            IsNumbered(e, known);
            if (e.Costs.SubscriptionId is { } id && e.Event.Person != 0)
                IsInSubscription(e, known.Subscription(id));
            if (e.What == SaleKind.Paid && sales.PaymentOf(e) is { } payment && payment.Paid?.Id == e.Event.Id)
                Compare("payments", $"payment {payment.Key}", payment.CostKey, e.Costs.OfRevenue, known);
            if (e.What == SaleKind.Refunded && sales.PaymentOf(e)?.Refunds.GetValueOrDefault(e.Event.Id) is { } refund)
                IsInRefund(e, refund, known);
        }
    }

    void IsNumbered(RawSale e, StoredCosts known)
    {
        var words = Words(e);
        log.Compare("events", words, "has a cost key", e.Event.CostKey is not null, e.Costs.IsCost);
        if (e.Event.CostKey is { } number)
            Compare("events", words, number, e.Costs.OfCost, known);
        var isLeft = e.Costs.IsCost && e.Event.Person == 0 && e.Costs.SubscriptionId is not null;
        log.Compare("events", words, "subscription", e.Event.Subscription, isLeft ? known.KeyOf(e.Costs.SubscriptionId!) : null);
    }

    void IsInSubscription(RawSale e, SubscriptionRow? row)
    {
        var words = $"subscription_id of {Words(e)}";
        if (row is null || e.Moment.IsBefore(row.Named))
            log.Add("subscriptions", words, "named", row?.Named, e.Moment);
        else if (row.Named.Id == e.Event.Id)
            log.Compare("subscriptions", words, "person", row.Person, e.Event.Person);
    }

    void IsInRefund(RawSale e, RefundRow refund, StoredCosts known)
    {
        var words = $"refund {e.Event.Id} of payment {refund.Payment}";
        log.Compare("refunds", words, "cost key", refund.CostKey, e.Event.CostKey);
        log.Compare(
            "refunds", words, "subscription", refund.Subscription, e.Costs.SubscriptionId is { } id ? known.KeyOf(id) : null);
    }

    void Compare(string table, string words, int number, string?[] said, StoredCosts known)
    {
        var stored = known.Of(number);
        if (stored?.SequenceEqual(said) != true)
            log.Add(table, words, "cost key", stored is null ? $"number {number}, which there is not" : Words(stored), Words(said));
    }

    static string Words(string?[] parts) => string.Join(" / ", parts.Select(part => part ?? "-"));

    string Words(RawSale e) => $"event {e.Event.Id}, {snapshot.TypeName(e.Event.Type)}";
}
