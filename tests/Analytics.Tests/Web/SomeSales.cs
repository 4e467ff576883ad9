using System.Text.Json.Nodes;

namespace Analytics.Tests.Web;

/// <summary>What a product sells and spends, as the ingest route takes it.</summary>
static class SomeSales
{
    public static JsonObject Share(string share, DateTimeOffset at, long cents, string customer = "acme") =>
        Told("file_share.created", at, customer, new() { ["share_id"] = share, ["price_cents"] = cents });

    public static JsonObject Download(string share, DateTimeOffset at) =>
        Told("file_share.downloaded", at, null, new() { ["share_id"] = share });

    public static JsonObject Payment(string share, DateTimeOffset at, long cents) =>
        Told("payment.completed", at, null, new() { ["payment_id"] = $"of {share}", ["share_id"] = share, ["amount_cents"] = cents });

    public static JsonObject Refund(string share, DateTimeOffset at, long cents) =>
        Told("payment.refunded", at, null, new() { ["payment_id"] = $"of {share}", ["amount_cents"] = cents });

    public static JsonObject Cost(DateTimeOffset at, decimal cents, string name = "task.done", string customer = "acme") =>
        Some.Event(name, at, Some.ExternalId, customer, cost: cents);

    static JsonObject Told(string name, DateTimeOffset at, string? customer, JsonObject metadata) =>
        Some.Event(name, at, Some.ExternalId, customer, metadata: metadata);
}
