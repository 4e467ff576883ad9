namespace Analytics.Commands.Demo.Life;

/// <summary>Shared files: made, scanned, downloaded some times; some have a price, which is paid, not paid, or paid back.</summary>
static class Shares
{
    public static void Add(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        var share = $"share-{key}";
        var price = random.Next(3) == 0 ? 500 + (100 * random.Next(45)) : 0;
        var size = 20_000L + random.Next(40_000_000);
        events.Add("file_share.created", customer, $"{key}-share", at,
            new
            {
                share_id = share, price_cents = price, file_size_bytes = size, expires_at = at.AddDays(7), product_id = Products.Files.Key,
            });
        Files.Scan(events, customer, $"{key}-share", at.AddSeconds(3), Files.SomeType(random), parent: null);
        if (price > 0 && !Pay(events, customer, key, at.AddMinutes(5 + random.Next(300)), price, random))
            return;
        for (var downloads = random.Next(6); downloads > 0; downloads--)
            events.Add("file_share.downloaded", customer, $"{key}-download{downloads}", at.AddMinutes(10 + random.Next(2_000)),
                new { share_id = share });
        if (random.Next(4) == 0)
            events.Add("file_share.completed", customer, $"{key}-completed", at.AddDays(2), new { share_id = share });
    }

    static bool Pay(EventList events, Customer customer, string key, DateTimeOffset at, int price, Random random)
    {
        var (share, payment) = ($"share-{key}", $"pay-{key}");
        switch (random.Next(100))
        {
            case < 22:
                return false;
            case < 27:
                events.Add("payment.failed", customer, $"{key}-declined", at,
                    new { payment_id = payment, share_id = share, amount_cents = price, reason = "card declined" });
                return false;
        }

        events.Add("payment.completed", customer, $"{key}-paid", at,
            new
            {
                payment_id = payment, amount_cents = price, share_id = share, platform_fee_cents = price / 20,
                product_id = Products.Files.Key,
            });
        if (random.Next(25) == 0)
            events.Add("payment.refunded", customer, $"{key}-refund", at.AddHours(20),
                new { payment_id = payment, amount_cents = random.Next(2) == 0 ? price : price / 2 });
        return true;
    }
}
