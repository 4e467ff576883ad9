using System.Text.Json;

namespace Analytics.Storage.Verification;

/// <summary>What raw metadata says of a cost, and of what a payment brings: read in a way of its own, as whole documents.</summary>
sealed class RawCost
{
    static readonly string[] Hints = ["\"_cost\"", "\"subscription_id\"", "\"payment_id\""];
    static readonly RawCost Nothing = new(default, isPortals: false);

    readonly JsonElement metadata;
    readonly bool isPortals;

    RawCost(JsonElement metadata, bool isPortals) => (this.metadata, this.isPortals) = (metadata, isPortals);

    /// <summary>Whether it costs something, be it nothing.</summary>
    public bool IsCost => In("_cost") is not null;

    /// <summary>The subscription it names; null for none. What portal keys say of one is nothing.</summary>
    public string? SubscriptionId => isPortals ? null : Text(metadata, "subscription_id");

    /// <summary>Product, vendor, model, category and subscription of its cost.</summary>
    public string?[] OfCost =>
        [Text(metadata, "product_id"), Of("vendor"), Of("model"), Text(metadata, "cost_category"), SubscriptionId];

    /// <summary>Product and subscription of what it brings.</summary>
    public string?[] OfRevenue => [Text(metadata, "product_id"), null, null, null, SubscriptionId];

    /// <summary>Most events cost nothing: those are not parsed.</summary>
    public static RawCost Of(RawEvent e)
    {
        if (e.Metadata is null || !Array.Exists(Hints, hint => e.Metadata.Contains(hint, StringComparison.Ordinal)))
            return Nothing;
        using var document = JsonDocument.Parse(e.Metadata);
        return new RawCost(document.RootElement.Clone(), e.Portal is not null);
    }

    string? Of(string member) => In("_llm") is { } llm ? Text(llm, member) : null;

    JsonElement? In(string member) => metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    static string? Text(JsonElement of, string member) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
