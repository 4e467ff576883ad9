using System.Numerics;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>An event with the share and the person it counts for.</summary>
sealed record Entry(ReadEvent Event, string? Share, string? Person)
{
    public Instant At => Event.At;
}

/// <summary>Money that came or, when negative, went, in cents.</summary>
sealed record Booking(Instant At, string? Share, string? Person, BigInteger Revenue, BigInteger Fee);

/// <summary>All events of a world read together, every time anew: nothing depends on the order in which they were told.</summary>
sealed class Ledger
{
    readonly World world;
    readonly List<ReadEvent> events;
    readonly Dictionary<string, ReadEvent> payments;
    readonly Dictionary<string, ShareLife> shares;

    public Ledger(World world, Func<ToldEvent, string> idOf)
    {
        this.world = world;
        events = [.. world.Events.Select(told => new ReadEvent(told, idOf(told))).OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal)];
        payments = Named(ReadEvent.Paid).GroupBy(e => e.Payment!).ToDictionary(same => same.Key, same => same.First());
        var paidFor = payments.Values.Select(payment => payment.Share).OfType<string>().ToHashSet();
        shares = events.Where(e => e.Share is not null).GroupBy(e => e.Share!)
            .ToDictionary(share => share.Key, share => ShareLife.Of(share.Key, [.. share], world, paidFor.Contains(share.Key)));
        Entries = events.ConvertAll(e => new Entry(e, ShareOf(e), PersonOf(e)));
        Bookings = [.. Payments(), .. Refunds()];
    }

    public IReadOnlyCollection<ShareLife> Shares => shares.Values;

    public List<Entry> Entries { get; }

    public List<Booking> Bookings { get; }

    /// <summary>What a download transferred.</summary>
    public BigInteger BytesOf(Entry download) => download.Event.Count("bytes") ?? shares[download.Share!].Size;

    IEnumerable<ReadEvent> Named(string name) => events.Where(e => e.Name == name);

    ReadEvent? PaymentOf(ReadEvent e) => e.Name == ReadEvent.Refunded ? payments.GetValueOrDefault(e.Payment!) : null;

    string? ShareOf(ReadEvent e) => e.Share ?? PaymentOf(e)?.Share;

    string? PersonOf(ReadEvent e) =>
        world.PersonOf(e.Told)
        ?? (PaymentOf(e) is { } payment ? PersonOf(payment) : null)
        ?? (ShareOf(e) is { } share ? shares[share].Owner : null);

    IEnumerable<Booking> Payments() =>
        from payment in payments.Values
        where payment.Share is not null
        select new Booking(payment.At, payment.Share, PersonOf(payment), payment.Count("amount_cents")!.Value, FeeOf(payment));

    // The fees that are given back of one payment, in order of time, are never more than its fee.
    IEnumerable<Booking> Refunds()
    {
        foreach (var refunds in Named(ReadEvent.Refunded).GroupBy(e => e.Payment!))
        {
            if (!payments.TryGetValue(refunds.Key, out var payment))
                continue;
            var left = FeeOf(payment);
            foreach (var refund in refunds)
            {
                var fee = BigInteger.Min(left, refund.Count("platform_fee_cents") ?? ShareOfFee(payment, refund));
                left -= fee;
                if (ShareOf(refund) is { } share)
                    yield return new(refund.At, share, PersonOf(refund), -refund.Count("amount_cents")!.Value, -fee);
            }
        }
    }

    static BigInteger FeeOf(ReadEvent payment) => payment.Count("platform_fee_cents") ?? 0;

    static BigInteger ShareOfFee(ReadEvent payment, ReadEvent refund) =>
        Quotient.Rounded(FeeOf(payment) * refund.Count("amount_cents")!.Value, payment.Count("amount_cents")!.Value);
}
