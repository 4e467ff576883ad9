using System.Text;

namespace Analytics.Benchmarks;

/// <summary>
/// The lives of file shares, as a product's backend tells them: every share created by one of the profile's customers, half of them
/// with a price and most with an end, downloaded a few times, paid for, sometimes refunded.
/// </summary>
public sealed class ShareLives(Profile profile, ulong seed, string key, long from, long to)
{
    const int SharesAtOnce = 1_500;
    const long Day = 86_400_000_000;

    readonly Randomness random = new(Randomness.Mix(seed + 77));
    readonly JsonPost post = new("/api/events/ingest", key);
    int events;

    Utf8Text Body => post.Body;

    public static string ShareId(int share) => $"share-{share:000000}";

    /// <summary>The next shares' events as a request, valid until the next one.</summary>
    public WireRequest Next(int first, int end)
    {
        post.Start();
        Body.Add("{\"events\":["u8);
        events = 0;
        for (var share = first; share < Math.Min(end, first + SharesAtOnce); share++)
            Live(share);
        Body.Add("]}"u8);
        return new(post.Finish(), events);
    }

    /// <summary>Where the next request begins.</summary>
    public static int After(int first) => first + SharesAtOnce;

    void Live(int share)
    {
        var made = from + (long)(random.Fraction() * (to - from));
        var customer = random.Ranked(profile.Customers);
        var price = random.Below(2) * (100 + random.Below(5_000));
        Event("file_share.created", share, made, 'c', $",\"price_cents\":{price},\"file_size_bytes\":{random.Below(100_000_000)}"
            + (random.Below(4) > 0 ? $",\"expires_at\":\"{Text(made + (1 + random.Below(60)) * Day)}\"" : ""), customer);
        for (var download = random.Below(5); download > 0; download--)
            Event("file_share.downloaded", share, Later(made), (char)('0' + download), "");
        if (random.Below(5) < 2)
            Event("file_share.completed", share, Later(made), 'e', "");
        if (price == 0 || random.Below(5) < 2)
            return;
        var paid = Later(made);
        Event("payment.completed", share, paid, 'p', $",\"payment_id\":\"pay-{share}\",\"amount_cents\":{price},\"platform_fee_cents\":{price / 20}");
        if (random.Below(20) == 0)
            Event("payment.refunded", share, Later(paid), 'r', $",\"payment_id\":\"pay-{share}\",\"amount_cents\":{price / 2}");
    }

    long Later(long than) => Math.Min(to, than + (long)(random.Fraction() * 20 * Day));

    void Event(string name, int share, long at, char which, string more, int? customer = null)
    {
        Body.Add(events++ == 0 ? "{"u8 : ",{"u8);
        Body.Add(Encoding.ASCII.GetBytes($"\"name\":\"{name}\",\"timestamp\":\"{Text(at)}\",\"external_id\":\"{ShareId(share)}-{which}\""));
        if (customer is { } number)
            Body.Add(Encoding.ASCII.GetBytes($",\"external_customer_id\":\"{Profile.CustomerId(number)}\""));
        Body.Add(Encoding.ASCII.GetBytes($",\"metadata\":{{\"share_id\":\"{ShareId(share)}\"{more}}}}}"));
    }

    static string Text(long microseconds)
    {
        var time = new Utf8Text();
        time.Time(microseconds);
        return Encoding.ASCII.GetString(time.Span);
    }
}
