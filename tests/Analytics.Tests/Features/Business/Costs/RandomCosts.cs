namespace Analytics.Tests.Features.Business.Costs;

/// <summary>Random events of few customers, shares, subscriptions and payments, so that they meet; no two at one instant.</summary>
sealed class RandomCosts(int seed)
{
    static readonly (string Vendor, string Model)[] Models = [("openai", "gpt-5"), ("openai", "gpt-4"), ("anthropic", "opus")];

    readonly Random random = new(seed);

    /// <summary>In order of time.</summary>
    public List<CostEvent> Events(int count, DateTimeOffset from, TimeSpan length)
    {
        var times = new HashSet<long>();
        while (times.Count < count)
            times.Add(random.NextInt64(length.Ticks / 10));
        return [.. times.Order().Select(at => Next(from.AddTicks(at * 10)))];
    }

    CostEvent Next(DateTimeOffset at)
    {
        var model = Models[random.Next(Models.Length)];
        var hasModel = random.Next(2) == 0;
        var any = new CostEvent("gen_ai.chat", at)
        {
            Customer = Maybe("c", 5, 0.4), Share = Maybe("h", 4, 0.3), Subscription = Maybe("s", 5, 0.5), Product = Maybe("p \"é", 3, 0.7),
            Category = Maybe("k", 2, 0.5), Vendor = hasModel ? model.Vendor : null, Model = hasModel ? model.Model : null,
            Cost = random.Next(5) == 0 ? null : Math.Round((decimal)random.NextDouble() * 100, random.Next(13)) - (random.Next(9) == 0 ? 40 : 0),
        };
        return random.Next(10) switch
        {
            0 or 1 => any with { Name = "payment.completed", Payment = Id("y", 8), Cents = random.Next(5_000) },
            2 or 3 => any with { Name = "payment.refunded", Payment = Id("y", 8), Cents = random.Next(900) },
            4 => any with { Name = "file_share.created", Share = Id("h", 4) },
            5 => any with { Name = "subscription.changed", Subscription = Id("s", 5) },
            _ => any,
        };
    }

    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        random.Shuffle(all);
        return all;
    }

    string? Maybe(string prefix, int count, double chance) => random.NextDouble() < chance ? Id(prefix, count) : null;

    string Id(string prefix, int count) => $"{prefix}{random.Next(count)}";
}
