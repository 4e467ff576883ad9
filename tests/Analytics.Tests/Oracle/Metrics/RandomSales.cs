using System.Text.Json.Nodes;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Payments and refunds in every order, told more than once, with and without a share, a fee or a payment that is known.</summary>
sealed class RandomSales(EventPlan plan)
{
    readonly Random random = plan.Random;

    /// <summary>Sales of a share, or of none.</summary>
    public void Plan(string payment, string? share, Instant at)
    {
        var amount = Amount(9_999);
        var first = Near(at);
        if (plan.Chance(95))
            Pay(payment, share, first, amount);
        for (; plan.Chance(20); )
            Pay(payment, plan.Chance(70) ? share : RandomShares.IdOf(random.Next(20)), Near(first), Amount(9_999));
        if (plan.Chance(15))
            plan.Add("payment.failed", Near(at), Of(payment, share));
        for (; plan.Chance(40); )
            Refund(payment, share, Near(first), amount);
    }

    void Pay(string payment, string? share, Instant at, int amount)
    {
        var metadata = Of(payment, share);
        metadata["amount_cents"] = amount;
        if (plan.Chance(70))
            metadata["platform_fee_cents"] = plan.Chance(80) ? amount / 7 : Amount(500);
        plan.Add(ReadEvent.Paid, at, metadata);
    }

    void Refund(string payment, string? share, Instant at, int amount)
    {
        var metadata = Of(payment, random.Next(10) switch { < 6 => null, < 9 => share, _ => RandomShares.IdOf(random.Next(20)) });
        metadata["amount_cents"] = random.Next(4) switch
        {
            0 => amount,
            1 => (amount + 1) / 2,
            2 => Amount(amount + 1),
            _ => Amount(9_999),
        };
        if (plan.Chance(30))
            metadata["platform_fee_cents"] = Amount(700);
        plan.Add(ReadEvent.Refunded, at, metadata);
    }

    Instant Near(Instant at) => MetricsMoments.Near(random, at, plan.Now);

    int Amount(int most) => plan.Chance(8) ? 0 : random.Next(most);

    static JsonObject Of(string payment, string? share)
    {
        var metadata = new JsonObject { ["payment_id"] = payment };
        if (share is not null)
            metadata["share_id"] = share;
        return metadata;
    }
}
