using System.Collections.Immutable;
using Analytics.Sketches;

namespace Analytics.Storage.Sales;

/// <summary>What the counted <c>payment.completed</c> says; share and person 0 where it names none.</summary>
sealed record Completion(Moment Moment, int Share, int Person, long Amount, long Fee);

/// <summary>What a <c>payment.refunded</c> says itself; share and person 0 and no fee where it leaves them to its payment.</summary>
sealed record Refund(Moment Moment, int Share, int Person, long Amount, long? Fee, Int128 Cost);

/// <summary>What is known of a payment: it may be refunded before it is known to be completed.</summary>
sealed record Payment(Guid Key, Completion? Completion, ImmutableSortedDictionary<Moment, Refund> Refunds)
{
    public static readonly ImmutableSortedDictionary<Moment, Refund> NoRefunds = ImmutableSortedDictionary<Moment, Refund>.Empty;

    /// <summary>The shares whose customers it may count for.</summary>
    public IEnumerable<int> Shares =>
        Refunds.Values.Select(refund => refund.Share).Append(Completion?.Share ?? 0).Where(share => share > 0).Distinct();

    Dictionary<Moment, long>? fees;

    public Payment CompletedBy(Completion other) => Completion?.Moment <= other.Moment ? this : new(Key, other, Refunds);

    public Payment RefundedBy(Refund refund) => new(Key, Completion, Refunds.SetItem(refund.Moment, refund));

    /// <summary>Adds what payment and refunds count for, given the customers of shares; -1 times takes it back.</summary>
    public void AddTo(CommitSales table, Func<int, int> personOf, int times)
    {
        AddCompletion(table, personOf, times);
        foreach (var refund in Refunds.Keys)
            AddRefund(refund, table, personOf, times);
    }

    public void AddCompletion(CommitSales table, Func<int, int> personOf, int times)
    {
        if (Completion is { Share: > 0 } paid)
            Add(table, paid.Share, Payer(personOf), paid.Moment.At, paid.Amount * times, paid.Fee * times);
    }

    /// <summary>A refund: as an event it counts at once, its money once the payment is known.</summary>
    public void AddRefund(Moment moment, CommitSales table, Func<int, int> personOf, int times)
    {
        var refund = Refunds[moment];
        var share = refund.Share > 0 ? refund.Share : Completion?.Share ?? 0;
        var person = refund.Person != 0 ? refund.Person : Payer(personOf) is var payer and not 0 ? payer : personOf(share);
        table.AddEvents(share, person, refund.Person, moment.At, times, refund.Cost * times);
        if (Completion is { } paid && share > 0)
            Add(table, share, person, moment.At, -refund.Amount * times, -(fees ??= FeesOf(paid))[moment] * times);
    }

    int Payer(Func<int, int> personOf) => Completion switch
    {
        null => 0,
        { Person: not 0 and var person } => person,
        var paid => personOf(paid.Share),
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
