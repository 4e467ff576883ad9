using System.Text.Json.Nodes;

namespace Analytics.Tests.Web;

/// <summary>What a business is told by, on one day: costs and payments of two products, agents with their tools, visitors.</summary>
static class SomeBusiness
{
    public const string Range = "from=2026-03-11&to=2026-03-11";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(8);

    public static async Task AddAsync(WorkspaceClient workspace)
    {
        await workspace.IngestAsync([.. Money(), .. Tools(), .. Visitors()]);
        await workspace.PostAsync("/api/v1/products", new { key = "bot", name = "The bot", type = "AI_AGENT" }, 201);
        await workspace.PostAsync("/api/v1/billable-units", new
        {
            key = "calls", name = "Tool calls", unitLabel = "calls", aggregation = "COUNT", eventName = "mcp.tool_invoked",
            filters = (object[])[new { field = "status", @operator = "EQUALS", value = "success" }],
        }, 201);
    }

    /// <summary>The product files earns 10 and costs 2.5; bot earns 5 and costs 8, all of which are for a model.</summary>
    public static IEnumerable<JsonObject> Money() =>
    [
        Told("task.done", "initech", 250, ("product_id", "files"), ("cost_category", "storage")),
        Told("model.called", "initech", 500, ("product_id", "bot"), ("cost_category", "inference"), ("_llm", Model())),
        Told("model.called", "globex", 300, ("product_id", "bot"), ("cost_category", "inference"), ("_llm", Model())),
        Told("payment.completed", "initech", null, ("payment_id", "p1"), ("amount_cents", 1_000), ("product_id", "files")),
        Told("payment.completed", "globex", null, ("payment_id", "p2"), ("amount_cents", 500), ("product_id", "bot")),
    ];

    /// <summary>Thirty searches that go well, twenty exports of which half fail; two sessions, one of which ends after ten minutes.</summary>
    public static IEnumerable<JsonObject> Tools() =>
    [
        .. Enumerable.Range(0, 30).Select(_ => Invoked("search", "success", "one")),
        .. Enumerable.Range(0, 20).Select(at => Invoked("export", at % 2 == 0 ? "error" : "success", "two")),
        Some.Event("mcp.session_ended", Morning.AddMinutes(10), Some.ExternalId, "initech", metadata: new() { ["session_id"] = "one" }),
    ];

    /// <summary>Ten visitors, of whom eight look at a product, six at prices and one signs up.</summary>
    public static IEnumerable<JsonObject> Visitors() =>
        from step in new (string Name, int Count)[] { ("visit", 10), ("product_view", 8), ("pricing_view", 6), ("signup", 1) }.Index()
        from visitor in Enumerable.Range(0, step.Item.Count)
        select Some.Event($"storefront.{step.Item.Name}", Morning.AddMinutes(step.Index), Some.ExternalId, null,
            metadata: new() { ["visitor_id"] = $"visitor-{visitor}" });

    static JsonObject Invoked(string tool, string status, string session) => Told("mcp.tool_invoked", "initech", null,
        ("tool", tool), ("server", "files"), ("agent", "claude"), ("status", status), ("session_id", session), ("duration_ms", 100));

    static JsonObject Model() => new() { ["vendor"] = "openai", ["model"] = "gpt", ["input_tokens"] = 10, ["output_tokens"] = 1 };

    static JsonObject Told(string name, string customer, decimal? cost, params (string Name, JsonNode Value)[] metadata) =>
        Some.Event(name, Morning, Some.ExternalId, customer, cost: cost,
            metadata: new(metadata.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Name, each.Value))));
}
