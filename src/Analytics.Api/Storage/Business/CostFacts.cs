using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Business;

/// <summary>What was paid for whom and what customers paid, by customer and by what costs are told apart by.</summary>
static class CostFacts
{
    /// <summary>Events with a cost.</summary>
    public const int Costs = 0;

    /// <summary>Payments and refunds.</summary>
    public const int Payments = 1;

    /// <summary>What the events cost, in units of 1e-12 cents.</summary>
    public const int Cost = 2;

    /// <summary>Payments less refunds, in cents.</summary>
    public const int Revenue = 3;

    static readonly string[] Sums = ["costs", "payments", "cost", "revenue"];

    /// <summary>
    /// Under cost keys without subscriptions. Costs and payments are their customer's, as it turns out to be: the event's, its share's, its
    /// subscription's.
    /// </summary>
    public static readonly Section Section = new(
        25, "costs", Grain.QuarterHour, [Dimension.Person, Dimension.CostKey], Sums);

    /// <summary>
    /// What names a subscription, under the cost key with it, and less that under the key without: added to the costs it tells
    /// subscriptions apart. There are as many of them as customers who pay, and most questions do without.
    /// </summary>
    public static readonly Section OfSubscriptions = new(
        26, "subscriptions' costs", Grain.QuarterHour, [Dimension.Person, Dimension.CostKey], Sums)
    {
        CountedWith = Section,
    };
}
