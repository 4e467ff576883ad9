namespace Analytics.Commands.Demo.Life;

/// <summary>What people do in the product: they open it, upload and look at files, ask its assistant, and share.</summary>
sealed class Visits(Rhythm rhythm)
{
    const int Seed = 20_000;
    const double OfTheBusiest = 20;

    static readonly string[] Devices = ["web", "web", "web", "desktop", "ios", "android"];
    static readonly string[] Roles = ["member", "member", "member", "admin"];

    public void Add(EventList events, DateOnly day)
    {
        var random = new Random(Seed + day.DayNumber);
        foreach (var customer in Customers.All)
        {
            var activity = OfTheBusiest * customer.Activity * rhythm.Business(day) * Customers.Interest(customer, rhythm, day);
            var visits = (int)((activity * (0.8 + (0.4 * random.NextDouble()))) + random.NextDouble());
            for (var visit = 0; visit < visits; visit++)
                Visit(events, customer, EventList.Key(customer, day, $"{visit}"), Rhythm.At(day, Rhythm.SomeHour(random)), random);
        }
    }

    static void Visit(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        var device = EventList.One(Devices, random);
        var member = $"{customer.ExternalId}-{1 + (at.Second % (2 + (int)(12 * customer.Activity)))}";
        events.Add("app.opened", customer, $"{key}-open", at, new { plan = customer.Plan.Name, device, member });
        for (var deeds = random.Next(3); deeds > 0; deeds--)
            Deed(events, customer, $"{key}-{deeds}", at.AddSeconds(15 + random.Next(600)), random);
        if (random.NextDouble() < 0.3)
            Shares.Add(events, customer, key, at.AddSeconds(60 + random.Next(900)), random);
    }

    /// <summary>One thing that somebody does, with all that follows from it within seconds.</summary>
    public static void Deed(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        switch (random.Next(100))
        {
            case < 26: Files.Upload(events, customer, key, at, random); break;
            case < 48: Files.Preview(events, customer, key, at, random); break;
            case < 68: Assistant.Ask(events, customer, key, at, random); break;
            case < 78: Files.Convert(events, customer, key, at, random); break;
            case < 90: events.Add("search.performed", customer, $"{key}-search", at, Search(random)); break;
            case < 97: events.Add("comment.added", customer, $"{key}-comment", at, new { characters = 8 + random.Next(400) }); break;
            case < 99: events.Add("member.invited", customer, $"{key}-invite", at, new { role = EventList.One(Roles, random) }); break;
            default: events.Add("login.failed", customer, $"{key}-login", at, FailedLogin(customer, random)); break;
        }
    }

    static object Search(Random random) => new { results = random.Next(60), latency_ms = 40 + random.Next(400) };

    // A name that ends like this is an error in the log, which a mistyped password is not.
    static object FailedLogin(Customer customer, Random random) => new
    {
        reason = random.Next(3) == 0 ? "second factor" : "password",
        _log = new
        {
            severity = "WARN", actor_type = "user", actor_id = customer.Email, target_type = "customer", target_id = customer.ExternalId,
        },
    };
}
