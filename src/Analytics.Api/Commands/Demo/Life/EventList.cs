using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>A fact of the demo, as it is sent.</summary>
sealed record Fact(DateTimeOffset At, object Body);

/// <summary>Events as they come about. Each has an external id that says what it is: it is the same whenever it is made up again.</summary>
sealed class EventList
{
    readonly List<Fact> events = [];

    public IReadOnlyList<Fact> All => events;

    public void Add(string name, Customer? customer, string key, DateTimeOffset at, object metadata, string? parent = null) =>
        events.Add(new(at, new
        {
            name, external_customer_id = customer?.ExternalId, external_id = key, timestamp = at, parent_id = parent, metadata,
        }));

    /// <summary>A cost in cents.</summary>
    public static object Cost(decimal cents) => new { amount = cents, currency = "usd" };

    public static string Key(Customer customer, DateOnly day, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{customer.ExternalId}-{day:yyyyMMdd}-{what}");

    public static T One<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];
}
