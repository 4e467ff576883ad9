namespace Analytics.Commands.Demo.Life;

/// <summary>Subscriptions: an invoice a month, paid within the day; whoever loses interest stops paying, then cancels.</summary>
sealed class Billing(Rhythm rhythm, DateOnly first)
{
    const int DayOfCancelling = 27;
    const int LastDayOfBilling = 28;

    public void Add(EventList events, DateOnly day)
    {
        foreach (var (number, customer) in Customers.All.Index().Where(each => each.Item.Plan.MonthlyCents > 0))
        {
            var leaving = Customers.DayOfLeaving(customer, rhythm, day);
            var isGone = leaving is >= DayOfCancelling and < Customers.DaysUntilBack;
            if ((day == first && !isGone) || leaving == Customers.DaysUntilBack)
                Change(events, customer, day, 9, "active");
            if (leaving == DayOfCancelling)
                Change(events, customer, day, 17, "canceled");
            if (day.Day == 1 + (number * 5 % LastDayOfBilling) && !isGone)
                Invoice(events, customer, day, isPaid: leaving is null or >= Customers.DaysUntilBack);
            else if (leaving is 10 or 14)
                Decline(events, customer, day);
        }
    }

    static void Change(EventList events, Customer customer, DateOnly day, int hour, string status) =>
        events.Add("subscription.changed", customer, EventList.Key(customer, day, status), Rhythm.At(day, hour),
            new { subscription_id = customer.SubscriptionId, status, plan = customer.Plan.Name });

    static void Invoice(EventList events, Customer customer, DateOnly day, bool isPaid)
    {
        var (at, cents) = (Rhythm.At(day, 6), customer.Plan.MonthlyCents);
        events.Add("invoice.created", customer, EventList.Key(customer, day, "invoice"), at, new
        {
            invoice_id = EventList.Key(customer, day, "inv"), amount_cents = cents, subscription_id = customer.SubscriptionId,
        });
        if (isPaid)
            events.Add("payment.completed", customer, EventList.Key(customer, day, "subscription"), at.AddHours(3), new
            {
                payment_id = EventList.Key(customer, day, "pay"), amount_cents = cents, subscription_id = customer.SubscriptionId,
            });
        else
            Decline(events, customer, day);
    }

    static void Decline(EventList events, Customer customer, DateOnly day) =>
        events.Add("payment.failed", customer, EventList.Key(customer, day, "declined"), Rhythm.At(day, 9), new
        {
            payment_id = EventList.Key(customer, day, "retry"), amount_cents = customer.Plan.MonthlyCents,
            subscription_id = customer.SubscriptionId, reason = "card expired",
            _log = new
            {
                severity = "ERROR", actor_type = "system", actor_id = "billing", target_type = "customer", target_id = customer.ExternalId,
                correlation_id = customer.SubscriptionId,
            },
        });
}
