using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>An event that will be told, and who is behind it; what that person is called is known when it is told.</summary>
sealed record PlannedEvent(ToldEvent Event, int? Person);

/// <summary>Events being made up.</summary>
sealed class EventPlan(Random random, Instant now)
{
    public const int People = 24;

    /// <summary>Names that need somebody, and names that do not.</summary>
    static readonly string[] Ordinary = ["task.done", "llm.called", "storefront.visit", "service.ran"];

    public List<PlannedEvent> Events { get; } = [];

    public Random Random => random;

    public Instant Now => now;

    public bool Chance(int percent) => random.Next(100) < percent;

    public void Add(string name, Instant at, JsonObject metadata)
    {
        if (Chance(15))
            metadata["_cost"] = new JsonObject { ["amount"] = Amount(), ["currency"] = "usd" };
        var isReserved = !Ordinary.Contains(name);
        var told = new ToldEvent($"e{Events.Count}", name, at.ToDateTimeOffset())
        {
            IsSystem = isReserved && Chance(50),
            Metadata = metadata.ToJsonString(),
        };
        var isNobodys = (isReserved || name is "storefront.visit" or "service.ran") && Chance(60);
        Events.Add(new(told, isNobodys ? null : Math.Min(random.Next(People), random.Next(People))));
    }

    public void AddOrdinary(Instant at, JsonNode? share)
    {
        var metadata = new JsonObject { ["note"] = "made up" };
        if (share is not null)
            metadata["share_id"] = share;
        if (Chance(60))
            metadata["_cost"] = new JsonObject { ["amount"] = Amount(), ["currency"] = "usd" };
        Add(Ordinary[random.Next(Ordinary.Length)], at, metadata);
    }

    public static string Rfc3339(Instant at) => at.ToDateTimeUtc().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    JsonNode Amount()
    {
        var text = RandomMetadata.Amount(random, 4);
        return Chance(30) ? text : JsonNode.Parse(text)!;
    }
}
