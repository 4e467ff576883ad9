using System.Collections.Immutable;
using Analytics.Sketches;

namespace Analytics.Storage.Sales;

/// <summary>What the counted <c>payment.completed</c> says; share and person 0 where it names none.</summary>
/// <param name="Moment">When it was paid, and by which event.</param>
/// <param name="Share">The share it names.</param>
/// <param name="Person">The customer it names.</param>
/// <param name="Amount">Cents.</param>
/// <param name="Fee">Cents.</param>
/// <param name="CostKey">What its revenue, and that of its refunds, is told apart by.</param>
sealed record Completion(Moment Moment, int Share, int Person, long Amount, long Fee, int CostKey);

/// <summary>What a <c>payment.refunded</c> says itself; share and person 0 and no fee where it leaves them to its payment.</summary>
/// <param name="Moment">When it was given back, and by which event.</param>
/// <param name="Share">The share it names.</param>
/// <param name="Person">The customer it names.</param>
/// <param name="Amount">Cents.</param>
/// <param name="Fee">Cents.</param>
/// <param name="Cost">What the event itself cost, in units of 1e-12.</param>
/// <param name="CostKey">What that cost is told apart by; null when it has none.</param>
/// <param name="Subscription">The key of the subscription that the event names; empty for none.</param>
sealed record Refund(
    Moment Moment, int Share, int Person, long Amount, long? Fee, Int128 Cost, int? CostKey, Guid Subscription);

/// <summary>What is known of a payment: it may be refunded before it is known to be completed.</summary>
sealed record Payment(Guid Key, Completion? Completion, ImmutableSortedDictionary<Moment, Refund> Refunds)
{
    public static readonly ImmutableSortedDictionary<Moment, Refund> NoRefunds = ImmutableSortedDictionary<Moment, Refund>.Empty;

    /// <summary>The shares whose customers it may count for.</summary>
    public IEnumerable<int> Shares =>
        Refunds.Values.Select(refund => refund.Share).Append(Completion?.Share ?? 0).Where(share => share > 0).Distinct();

    /// <summary>The subscriptions whose customers the costs of its refunds may be.</summary>
    public IEnumerable<Guid> Subscriptions =>
        Refunds.Values.Select(refund => refund.Subscription).Where(key => key != Guid.Empty).Distinct();

    Dictionary<Moment, long>? fees;

    public Payment CompletedBy(Completion other) => Completion?.Moment <= other.Moment ? this : new(Key, other, Refunds);

    public Payment RefundedBy(Refund refund) => new(Key, Completion, Refunds.SetItem(refund.Moment, refund));

    /// <summary>Adds what payment and refunds count for, given whose shares and subscriptions are; -1 times takes it back.</summary>
    public void AddTo(CommitSales table, Owners owners, int times)
    {
        AddCompletion(table, owners, times);
        foreach (var refund in Refunds.Keys)
            AddRefund(refund, table, owners, times);
    }

    public void AddCompletion(CommitSales table, Owners owners, int times)
    {
        if (Completion is not { } paid)
            return;
        table.AddPayment(Payer(owners), paid.CostKey, paid.Moment.At, times, paid.Amount);
        if (paid.Share > 0)
            Add(table, paid.Share, Payer(owners), paid.Moment.At, paid.Amount * times, paid.Fee * times);
    }

    /// <summary>A refund: as an event it counts at once, its money once the payment is known.</summary>
    public void AddRefund(Moment moment, CommitSales table, Owners owners, int times)
    {
        var refund = Refunds[moment];
        var share = refund.Share > 0 ? refund.Share : Completion?.Share ?? 0;
        var person = refund.Person != 0 ? refund.Person : Payer(owners) is var payer and not 0 ? payer : owners.OfShare(share);
        table.AddEvents(share, person, refund.Person, moment.At, times, refund.Cost * times);
        if (refund.CostKey is { } key)
            table.AddCost(
                person != 0 ? person : owners.OfSubscription(refund.Subscription), key, moment.At, times, refund.Cost * times);
        if (Completion is not { } paid)
            return;
        table.AddPayment(person, paid.CostKey, moment.At, times, -refund.Amount);
        if (share > 0)
            Add(table, share, person, moment.At, -refund.Amount * times, -(fees ??= FeesOf(paid))[moment] * times);
    }

    int Payer(Owners owners) => Completion switch
    {
        null => 0,
        { Person: not 0 and var person } => person,
        var paid => owners.OfShare(paid.Share),
    };

    /// <summary>The fee each refund gives back: in their order they never give back more than there was.</summary>
    Dictionary<Moment, long> FeesOf(Completion paid)
    {
        var (left, all) = (paid.Fee, new Dictionary<Moment, long>());
        foreach (var refund in Refunds.Values)
        {
            var fee = Math.Min(left, refund.Fee ?? FeeShare(paid, refund));
            all.Add(refund.Moment, fee);
            left -= fee;
        }

        return all;
    }

    static void Add(CommitSales table, int share, int person, long at, long amount, long fee)
    {
        table.Add(share, person, at, SalesSum.Revenue, amount);
        table.Add(share, person, at, SalesSum.PlatformFees, fee);
    }

    static long FeeShare(Completion paid, Refund refund) => paid.Amount == 0
        ? 0
        : (long)Int128.Min(paid.Fee, DecimalUnits.DivideRounded((Int128)paid.Fee * refund.Amount, paid.Amount));
}
