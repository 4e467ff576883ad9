using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>
/// Subscriptions: an invoice a month for each, paid within the day; whoever loses interest stops paying, then cancels. What is stored for
/// one costs something every day, and names nothing but the subscription.
/// </summary>
sealed class Billing(Rhythm rhythm, DateOnly first)
{
    const int DayOfCancelling = 27;
    const int LastDayOfBilling = 28;
    const decimal StorageCents = 42;

    public void Add(EventList events, DateOnly day)
    {
        foreach (var (number, customer) in Customers.All.Index().Where(each => each.Item.Plan.Prices.Count > 0))
        {
            var leaving = Customers.DayOfLeaving(customer, rhythm, day);
            var isGone = leaving is >= DayOfCancelling and < Customers.DaysUntilBack;
            if ((day == first && !isGone) || leaving == Customers.DaysUntilBack)
                Change(events, customer, day, 9, "active");
            if (leaving == DayOfCancelling)
                Change(events, customer, day, 17, "canceled");
            if (day.Day == 1 + (number * 5 % LastDayOfBilling) && !isGone)
                Invoice(events, customer, day, isPaid: Customers.Stays(customer, rhythm, day));
            else if (leaving is 10 or 14)
                Decline(events, customer, day);
            if (!isGone)
                Store(events, customer, day);
        }
    }

    static void Change(EventList events, Customer customer, DateOnly day, int hour, string status)
    {
        foreach (var (id, price) in customer.Subscriptions)
            events.Add("subscription.changed", customer, Key(id, day, status), Rhythm.At(day, hour),
                new { subscription_id = id, status, plan = customer.Plan.Name, product_id = price.Product.Key });
    }

    // Whoever stops paying gets nothing but what the plan is about.
    static void Invoice(EventList events, Customer customer, DateOnly day, bool isPaid)
    {
        var at = Rhythm.At(day, 6);
        foreach (var (id, price) in customer.Subscriptions.Take(isPaid ? int.MaxValue : 1))
        {
            events.Add("invoice.created", customer, Key(id, day, "invoice"), at, new
            {
                invoice_id = Key(id, day, "inv"), amount_cents = price.MonthlyCents, subscription_id = id, product_id = price.Product.Key,
            });
            if (isPaid)
                events.Add("payment.completed", customer, Key(id, day, "paid"), at.AddHours(3), new
                {
                    payment_id = Key(id, day, "pay"), amount_cents = price.MonthlyCents, subscription_id = id,
                    product_id = price.Product.Key,
                });
        }

        if (!isPaid)
            Decline(events, customer, day);
    }

    // The plan's own: nobody tries a card that has expired once more for the rest.
    static void Decline(EventList events, Customer customer, DateOnly day)
    {
        var (id, price) = customer.Subscriptions.First();
        events.Add("payment.failed", customer, Key(id, day, "declined"), Rhythm.At(day, 9), new
        {
            payment_id = Key(id, day, "retry"), amount_cents = price.MonthlyCents, subscription_id = id, product_id = price.Product.Key,
            reason = "card expired",
            _log = new
            {
                severity = "ERROR", actor_type = "system", actor_id = "billing", target_type = "customer", target_id = customer.ExternalId,
                correlation_id = id,
            },
        });
    }

    static void Store(EventList events, Customer customer, DateOnly day)
    {
        var subscription = customer.Subscriptions.First().Id;
        events.Add("service.storage_metered", null, Key(subscription, day, "storage"), Rhythm.At(day, 3), new
        {
            subscription_id = subscription, product_id = Products.Files.Key, cost_category = "storage",
            _cost = EventList.Cost(StorageCents * (decimal)customer.Activity),
        });
    }

    static string Key(string subscription, DateOnly day, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{subscription}-{day:yyyyMMdd}-{what}");
}
