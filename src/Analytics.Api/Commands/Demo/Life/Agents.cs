namespace Analytics.Commands.Demo.Life;

/// <summary>Agents of customers that use the product's MCP servers, in sessions: exports of archives fail more often than not.</summary>
sealed class Agents(Rhythm rhythm)
{
    /// <summary>A tool: how often it is used, what an invocation takes, earns and costs, and how many of a thousand fail.</summary>
    sealed record Tool(string Name, string Server, double Weight, double Milliseconds, int Failed, decimal RevenueCents, decimal CostCents);

    const int Seed = 50_000;
    const double OfTheBusiest = 3.2;
    const double SpreadOfDurations = 0.5;

    static readonly Tool[] Tools =
    [
        new("search_files", "files", 0.38, 140, 8, 0.5m, 0.02m), new("read_file", "files", 0.27, 60, 14, 0.25m, 0.01m),
        new("share_file", "files", 0.12, 210, 21, 2, 0.03m), new("summarize", "documents", 0.11, 2_400, 30, 4, 1.35m),
        new("convert_document", "documents", 0.07, 1_700, 45, 3, 0.6m), new("export_archive", "archive", 0.05, 5_200, 560, 5, 0.9m),
    ];

    static readonly string?[] Names =
        ["claude-desktop", "claude-desktop", "claude-desktop", "cursor", "cursor", "chatgpt", "own-agent", null];

    public void Add(EventList events, DateOnly day)
    {
        var random = new Random(Seed + day.DayNumber);
        foreach (var customer in Customers.All.Where(one => HasAgents(one) && Customers.Stays(one, rhythm, day)))
        {
            var activity = OfTheBusiest * customer.Activity * rhythm.Business(day);
            for (var session = (int)(activity + random.NextDouble()); session > 0; session--)
                Session(events, customer, EventList.Key(customer, day, $"agent{session}"), Rhythm.At(day, Rhythm.SomeHour(random)), random);
        }
    }

    static bool HasAgents(Customer customer) => customer.Plan.Prices.Any(price => price.Product == Products.Mcp);

    /// <summary>An invocation of some tool.</summary>
    public static void Invoke(
        EventList events, Customer customer, string key, DateTimeOffset at, string? agent, string session, Random random)
    {
        var tool = SomeTool(random);
        var isFailed = random.Next(1_000) < tool.Failed;
        var spread = Math.Exp(SpreadOfDurations * ((2 * random.NextDouble()) - 1)) * (isFailed ? 2.5 : 1);
        events.Add("mcp.tool_invoked", customer, key, at, new
        {
            tool = tool.Name, server = tool.Server, agent, session_id = session,
            duration_ms = Math.Round(tool.Milliseconds * spread, 1), status = isFailed ? "error" : "success",
            revenue_cents = isFailed ? 0 : tool.RevenueCents, product_id = Products.Mcp.Key, cost_category = "compute",
            _cost = EventList.Cost(tool.CostCents),
        });
    }

    // One of eight is never said to be over.
    static void Session(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        var agent = EventList.One(Names, random);
        var then = at;
        events.Add("mcp.session_started", customer, $"{key}-started", at, new { session_id = key, agent, product_id = Products.Mcp.Key });
        for (var number = 1 + (int)(9 * Math.Pow(random.NextDouble(), 2)); number > 0; number--)
            Invoke(events, customer, $"{key}-{number}", then = then.AddSeconds(5 + random.Next(240)), agent, key, random);
        if (random.Next(8) > 0)
            events.Add("mcp.session_ended", customer, $"{key}-ended", then.AddSeconds(20 + random.Next(300)),
                new { session_id = key, agent, product_id = Products.Mcp.Key });
    }

    static Tool SomeTool(Random random)
    {
        var left = random.NextDouble() * Tools.Sum(tool => tool.Weight);
        return Array.Find(Tools, tool => (left -= tool.Weight) <= 0) ?? Tools[0];
    }
}
