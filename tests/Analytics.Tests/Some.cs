using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.Tests;

/// <summary>The vocabulary of the tests: an event when it does not matter which, and the ways in which it may matter.</summary>
public static class Some
{
    /// <summary>A day long past, far from any daylight saving switch.</summary>
    public static readonly DateTimeOffset Day = new(2026, 3, 11, 0, 0, 0, TimeSpan.Zero);

    public static string ExternalId => $"x-{Guid.NewGuid():n}";

    /// <summary>An event as the ingest route takes it; what is null is left out.</summary>
    public static JsonObject Event(
        string name = "task.done", DateTimeOffset? at = null, string? externalId = null, string? customer = "acme", Guid? customerId = null,
        string? parent = null, string? source = null, decimal? cost = null, JsonObject? metadata = null)
    {
        var all = metadata is null ? [] : (JsonObject)metadata.DeepClone();
        if (cost is { } amount)
            all["_cost"] = new JsonObject { ["amount"] = amount, ["currency"] = "usd" };
        var made = new JsonObject { ["name"] = name };
        Add("timestamp", at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Add("external_id", externalId);
        Add("customer_id", customerId?.ToString());
        Add("external_customer_id", customerId is null ? customer : null);
        Add("parent_id", parent);
        Add("source", source);
        if (all.Count > 0)
            made["metadata"] = all;
        return made;

        void Add(string member, string? value)
        {
            if (value is not null)
                made[member] = value;
        }
    }

    /// <summary>So many different events, told apart by their external ids.</summary>
    public static JsonObject[] Events(int count, string name = "task.done", DateTimeOffset? at = null) =>
        [.. Enumerable.Range(0, count).Select(_ => Event(name, at, ExternalId))];
}
