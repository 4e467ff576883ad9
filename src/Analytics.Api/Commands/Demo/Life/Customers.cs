namespace Analytics.Commands.Demo.Life;

/// <summary>What a customer pays a month for a product.</summary>
sealed record Price(Product Product, int MonthlyCents);

/// <summary>What a customer pays for: sharing files, and what comes with it.</summary>
sealed record Plan(string Name, params IReadOnlyList<Price> Prices);

/// <summary>What a customer pays a month for one product.</summary>
sealed record Subscription(string Id, Price Price);

/// <summary>
/// A customer of the demo's product: how much it does, as part of what the busiest does, and in which turn it loses interest, if it does.
/// </summary>
sealed record Customer(string ExternalId, string Name, string Email, Plan Plan, double Activity, int? Leaves = null)
{
    /// <summary>The plan's own comes first.</summary>
    public IEnumerable<Subscription> Subscriptions => Plan.Prices.Select(price => new Subscription(
        price.Product == Products.Files ? $"sub-{ExternalId}" : $"sub-{ExternalId}-{price.Product.Key}", price));
}

/// <summary>Who they are, the busiest first, and how they come and go.</summary>
static class Customers
{
    const int DaysOfATurn = 14;
    const int Turns = 6;
    const int DaysIntoTurn = 15; // of the first, on the day of opening
    const double DaysToHalf = 3;

    /// <summary>Days from a customer's first quiet day to its last one, and until it is won back.</summary>
    public const int DaysOfLeaving = 28;
    public const int DaysUntilBack = 42;

    static readonly Price Assistant = new(Products.Assistant, 300);
    static readonly Price Mcp = new(Products.Mcp, 1_900);

    static readonly Plan Business =
        new("business", new(Products.Files, 24_900), Assistant, Mcp, new(Products.Converter, 4_900));

    static readonly Plan Team = new("team", new(Products.Files, 7_900), Assistant, Mcp);
    static readonly Plan Solo = new("solo", new Price(Products.Files, 1_200));
    static readonly Plan Free = new("free");

    public static readonly Customer[] All =
    [
        new("acme", "Acme Inc.", "ops@acme.example", Business, 1),
        new("globex", "Globex", "it@globex.example", Business, 0.85),
        new("initech", "Initech", "bill@initech.example", Team, 0.75, Leaves: 3),
        new("northwind", "Northwind Traders", "orders@northwind.example", Team, 0.7, Leaves: 0),
        new("umbrella", "Umbrella Labs", "lab@umbrella.example", Team, 0.6),
        new("contoso", "Contoso", "admin@contoso.example", Team, 0.6, Leaves: 1),
        new("hooli", "Hooli", "dev@hooli.example", Team, 0.6, Leaves: 4),
        new("fabrikam", "Fabrikam", "plant@fabrikam.example", Team, 0.6, Leaves: 2),
        new("tailspin", "Tailspin Toys", "post@tailspin.example", Team, 0.55, Leaves: 5),
        new("soylent", "Soylent", "hello@soylent.example", Team, 0.3),
        new("stark", "Stark Works", "tony@stark.example", Solo, 0.24),
        new("wayne", "Wayne Archive", "bruce@wayne.example", Solo, 0.2),
        new("cyberdyne", "Cyberdyne Studio", "miles@cyberdyne.example", Solo, 0.16),
        new("wonka", "Wonka Print", "willy@wonka.example", Solo, 0.12),
        new("duff", "Duff Media", "press@duff.example", Free, 0.1),
        new("vandelay", "Vandelay Imports", "art@vandelay.example", Free, 0.06),
    ];

    /// <summary>How much of its usual activity a customer has on a day: some lose interest, each in its turn, and are won back.</summary>
    public static double Interest(Customer customer, Rhythm rhythm, DateOnly day) => DayOfLeaving(customer, rhythm, day) switch
    {
        null or >= DaysUntilBack => 1,
        >= DaysOfLeaving => 0,
        { } days => Math.Pow(0.5, days / DaysToHalf),
    };

    /// <summary>Whether a customer is as it always was: it pays, its agents come.</summary>
    public static bool Stays(Customer customer, Rhythm rhythm, DateOnly day) =>
        DayOfLeaving(customer, rhythm, day) is null or >= DaysUntilBack;

    /// <summary>Days since a customer began to lose interest the last time; null for one that stays.</summary>
    public static int? DayOfLeaving(Customer customer, Rhythm rhythm, DateOnly day) => customer.Leaves is { } turn
        ? Rhythm.Cycle(day.DayNumber - rhythm.Opened.DayNumber + DaysIntoTurn - (turn * DaysOfATurn), Turns * DaysOfATurn)
        : null;
}
