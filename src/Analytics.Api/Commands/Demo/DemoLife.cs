using System.Globalization;

namespace Analytics.Commands.Demo;

/// <summary>A customer of the demo's product.</summary>
sealed record DemoCustomer(string ExternalId, string Name, string Email, double Activity);

/// <summary>
/// A month in the life of a small file-sharing product with an AI assistant: the same customers, shares, scans and completions
/// each time for the same days. Weekends are quiet, nights quieter, one customer in three pays.
/// </summary>
sealed class DemoLife(DateOnly today)
{
    public const int Days = 30;
    const int Seed = 20_000;

    static readonly string[] Models = ["gpt-4o-mini", "claude-haiku", "mistral-small"];
    static readonly string[] FileTypes = ["pdf", "png", "docx", "zip", "mp4"];

    public static readonly DemoCustomer[] Customers =
    [
        new("acme", "Acme Inc.", "ops@acme.example", 1.0),
        new("globex", "Globex", "it@globex.example", 0.8),
        new("initech", "Initech", "bill@initech.example", 0.6),
        new("umbrella", "Umbrella Labs", "lab@umbrella.example", 0.45),
        new("hooli", "Hooli", "dev@hooli.example", 0.35),
        new("soylent", "Soylent", "hello@soylent.example", 0.2),
        new("stark", "Stark Works", "tony@stark.example", 0.15),
        new("wayne", "Wayne Archive", "bruce@wayne.example", 0.1),
    ];

    /// <summary>The events of one day, oldest first; none of them lies in the future.</summary>
    public IEnumerable<object> EventsOf(int daysAgo, DateTimeOffset now)
    {
        var day = today.AddDays(-daysAgo);
        var random = new Random(Seed + day.DayNumber);
        var quiet = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.35 : 1.0;
        var events = new List<(DateTimeOffset At, object Event)>();
        foreach (var customer in Customers)
            for (var visit = (int)(14 * customer.Activity * quiet * (0.6 + 0.8 * random.NextDouble())); visit >= 0; visit--)
                Visit(events, customer, day, random, visit);
        return events.Where(e => e.At < now).OrderBy(e => e.At).Select(e => e.Event);
    }

    static void Visit(List<(DateTimeOffset, object)> events, DemoCustomer customer, DateOnly day, Random random, int number)
    {
        var at = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddSeconds(OfficeHours(random) * 3600);
        var key = string.Create(CultureInfo.InvariantCulture, $"{customer.ExternalId}-{day:yyyyMMdd}-{number}");
        Add(events, "app.opened", customer, $"{key}-open", at, new { plan = customer.Activity > 0.4 ? "team" : "solo" });
        if (random.NextDouble() < 0.5)
            Question(events, customer, key, at.AddSeconds(20 + random.Next(200)), random);
        if (random.NextDouble() < 0.45)
            Share(events, customer, key, at.AddSeconds(60 + random.Next(900)), random);
    }

    /// <summary>A question to the assistant: a trace of three events, the costs in its children.</summary>
    static void Question(List<(DateTimeOffset, object)> events, DemoCustomer customer, string key, DateTimeOffset at, Random random)
    {
        var model = Models[random.Next(Models.Length)];
        var (input, output) = (200 + random.Next(3_000), 50 + random.Next(800));
        Add(events, "assistant.question", customer, $"{key}-q", at, new { latency_ms = 300 + random.Next(2_500) });
        Add(events, "assistant.retrieval", customer, $"{key}-r", at.AddMilliseconds(40),
            new { _cost = Cost(random.Next(1, 40) / 10_000m), documents = random.Next(1, 12) }, $"{key}-q");
        Add(events, "assistant.completion", customer, $"{key}-c", at.AddMilliseconds(250), new
        {
            _cost = Cost((input * 15 + output * 60) / 1_000_000m),
            _llm = new { vendor = model.Split('-')[0], model, input_tokens = input, output_tokens = output },
        }, $"{key}-q");
    }

    /// <summary>A share: made, scanned, downloaded some times, and paid for when it has a price.</summary>
    static void Share(List<(DateTimeOffset, object)> events, DemoCustomer customer, string key, DateTimeOffset at, Random random)
    {
        var share = $"share-{key}";
        var size = 20_000L + random.Next(40_000_000);
        var price = random.Next(3) == 0 ? 500 + 100 * random.Next(45) : 0;
        Add(events, "file_share.created", customer, $"{key}-s", at,
            new { share_id = share, price_cents = price, file_size_bytes = size, expires_at = at.AddDays(7) });
        Add(events, "file.scanned", customer, $"{key}-f", at.AddSeconds(3),
            new { share_id = share, file_type = FileTypes[random.Next(FileTypes.Length)], size_bytes = size, _cost = Cost(0.0025m) });
        var paid = price == 0 || random.NextDouble() < 0.7;
        if (price > 0 && paid)
            Add(events, "payment.completed", customer, $"{key}-p", at.AddMinutes(5 + random.Next(300)), new
            {
                payment_id = $"pay-{key}", amount_cents = price, share_id = share, platform_fee_cents = price / 20,
            });
        for (var downloads = paid ? random.Next(6) : 0; downloads > 0; downloads--)
            Add(
                events, "file_share.downloaded", customer, $"{key}-d{downloads}", at.AddMinutes(10 + random.Next(2_000)),
                new { share_id = share });
        if (random.Next(4) == 0)
            Add(events, "file_share.completed", customer, $"{key}-e", at.AddDays(2), new { share_id = share });
    }

    static object Cost(decimal cents) => new { amount = cents, currency = "usd" };

    // Two humps, morning and afternoon.
    static double OfficeHours(Random random) =>
        Math.Clamp((random.Next(2) == 0 ? 10 : 15) + (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 4, 0, 23.9);

    static void Add(
        List<(DateTimeOffset, object)> events, string name, DemoCustomer customer, string key, DateTimeOffset at, object metadata,
        string? parent = null) => events.Add((at, new
    {
        name, external_customer_id = customer.ExternalId, external_id = key, timestamp = at, parent_id = parent, metadata,
    }));
}
