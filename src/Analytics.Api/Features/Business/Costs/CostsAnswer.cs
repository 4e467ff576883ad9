using System.Text.Json.Serialization;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Time;

namespace Analytics.Features.Business.Costs;

/// <summary>Costs, revenue and what is left of it.</summary>
/// <param name="Rows">A row for each that has a cost or a payment, the biggest cost first, then by key, what has none last.</param>
/// <param name="Totals">All rows together.</param>
/// <param name="Trend">The same over time, empty buckets too.</param>
public sealed record CostsAnswer(IReadOnlyList<CostsRow> Rows, CostsTotals Totals, IReadOnlyList<CostsPoint> Trend) : IColumns
{
    /// <summary>What the rows are told apart by.</summary>
    internal IReadOnlyList<string> GroupBy { get; init; } = [];

    IReadOnlyList<string> IColumns.Columns => GroupBy.Count > 1
        ? [.. GroupBy.Select(group => $"key.{group}"), .. GroupBy.Select(group => $"name.{group}"), .. Sums]
        : ["key", "name", .. Sums];

    static readonly string[] Sums = ["costCents", "revenueCents", "marginCents", "marginPercent"];
}

/// <summary>The costs and revenue of one customer, product, vendor, model, category or subscription, or of a combination.</summary>
/// <param name="Key">
/// What it is: the product's id of a customer, else ours; null for whatever names none. Of several groups an object with a member each.
/// </param>
/// <param name="Name">The names of customers and products that have one, else the key; as the key, an object of several groups.</param>
/// <param name="CostCents">What was paid for it, exact.</param>
/// <param name="RevenueCents">Payments less refunds; null where a vendor, model or category is told apart or asked for.</param>
/// <param name="MarginCents">Revenue less costs, exact; null as the revenue is.</param>
/// <param name="MarginPercent">The margin in percent of the revenue; null without any.</param>
public sealed record CostsRow(
    object? Key, object? Name, ExactNumber CostCents, ExactNumber? RevenueCents, ExactNumber? MarginCents, ExactNumber? MarginPercent);

/// <summary>All costs and revenue that were asked for.</summary>
/// <param name="CostCents">What was paid, exact.</param>
/// <param name="RevenueCents">Payments less refunds; null where a vendor, model or category is told apart or asked for.</param>
/// <param name="MarginCents">Revenue less costs, exact; null as the revenue is.</param>
/// <param name="MarginPercent">The margin in percent of the revenue; null without any.</param>
public sealed record CostsTotals(
    ExactNumber CostCents, ExactNumber? RevenueCents, ExactNumber? MarginCents, ExactNumber? MarginPercent);

/// <summary>The costs and revenue of an hour, day or month.</summary>
/// <param name="Date">The instant an hour begins at; the date of a day, the first one of a month.</param>
/// <param name="Partial">Whether it is not over yet or cut by the period.</param>
/// <param name="CostCents">What was paid, exact.</param>
/// <param name="RevenueCents">Payments less refunds; null as that of the rows.</param>
/// <param name="MarginCents">Revenue less costs, exact; null as that of the rows.</param>
public sealed record CostsPoint(
    string Date, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial, ExactNumber CostCents,
    ExactNumber? RevenueCents, ExactNumber? MarginCents);

/// <summary>What some costs and payments come to.</summary>
sealed class CostSums
{
    long costs;
    long payments;

    /// <summary>In units of 1e-12 cents.</summary>
    public Int128 Cost { get; private set; }

    /// <summary>In cents.</summary>
    public Int128 Revenue { get; private set; }

    public void Add(long costs, long payments, Int128 cost, Int128 revenue)
    {
        (this.costs, this.payments) = (this.costs + costs, this.payments + payments);
        (Cost, Revenue) = (Cost + cost, Revenue + revenue);
    }

    public void Add(CostSums other) => Add(other.costs, other.payments, other.Cost, other.Revenue);

    /// <summary>Whether nothing is left: what moved to others or, where those are told apart, to subscriptions.</summary>
    public bool IsNothing => costs == 0 && payments == 0 && Cost == 0 && Revenue == 0;

    /// <summary>Whether there is any cost or, where that counts, payment.</summary>
    public bool IsAny(bool withRevenue) => costs > 0 || (withRevenue && payments > 0);

    public CostsRow ToRow(object? key, object? name, bool withRevenue) =>
        new(key, name, new(Cost), RevenueIf(withRevenue), MarginIf(withRevenue), PercentIf(withRevenue));

    public CostsTotals ToTotals(bool withRevenue) =>
        new(new(Cost), RevenueIf(withRevenue), MarginIf(withRevenue), PercentIf(withRevenue));

    public CostsPoint ToPoint(AskedPeriod period, Bucket bucket, bool withRevenue) => new(
        period.DateOf(bucket), bucket.IsPartial(period.Now), new(Cost), RevenueIf(withRevenue), MarginIf(withRevenue));

    ExactNumber? RevenueIf(bool isAsked) => isAsked ? ExactNumber.Of(Revenue) : null;

    ExactNumber? MarginIf(bool isAsked) => isAsked ? new(Margin) : null;

    ExactNumber? PercentIf(bool isAsked) =>
        isAsked && Revenue != 0 ? ExactNumber.Percent(Margin, Revenue * DecimalUnits.One) : null;

    Int128 Margin => (Revenue * DecimalUnits.One) - Cost;
}
