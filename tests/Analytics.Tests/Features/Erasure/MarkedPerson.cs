using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;
using Analytics.Tests.Features.Requests;

namespace Analytics.Tests.Features.Erasure;

/// <summary>
/// A person with facts of every kind that one can have, in a workspace with others. Whatever says who it is holds a mark that nothing else
/// in the store holds, or is one of a few ids that are nobody else's.
/// </summary>
sealed class MarkedPerson(WorkspaceClient workspace)
{
    readonly Guid requestId = Guid.NewGuid();
    readonly Guid eventId = Guid.NewGuid();

    public string Mark { get; } = $"bob{Guid.NewGuid():n}"[..19];

    public WorkspaceClient Workspace => workspace;

    public Guid Id { get; private set; }

    /// <summary>The external ids it has had, the present one last.</summary>
    public string[] ExternalIds => [$"{Mark}-first", $"{Mark}-second", $"{Mark}-third"];

    /// <summary>The person's portal key.</summary>
    public WorkspaceClient Portal { get; private set; } = null!;

    /// <summary>What only this person's data hold, as texts show it and as bytes do.</summary>
    public IReadOnlyList<string> Traces =>
    [
        Mark, .. ((string[])[Mark, Mark.ToUpperInvariant()]).Select(text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))),
        $"{Id}", $"{Id:n}", $"{requestId}", $"{requestId:n}", $"{eventId}", $"{eventId:n}", "2001:db8:b0b", "20010db80b0b",
    ];

    public async Task LiveAsync()
    {
        await workspace.NewCustomerAsync("ann", "Ann");
        Id = (await workspace.PostAsync("/api/customers", new
        {
            external_id = ExternalIds[0], name = $"Name of {Mark}", email = $"{Mark}@example.com", metadata = new { note = Mark },
        }, 201)).GetProperty("id").GetGuid();
        Portal = await workspace.BoundToAsync(Id);
        await TellAsync(ExternalIds[0], Id);
        await workspace.PatchAsync($"/api/customers/{Id}", new { external_id = ExternalIds[1], name = $"{Mark} again" });
        await workspace.IngestAsync(Some.Event("task.done", At(20), customer: ExternalIds[1], metadata: Said("second")));
        await workspace.PatchAsync($"/api/customers/{Id}", new { external_id = ExternalIds[2] });
        await workspace.IngestAsync(Some.Event("task.done", At(13), $"{Mark}-later", customer: ExternalIds[1]));
        await workspace.IngestAsync(Some.Event("task.done", At(21), customer: ExternalIds[2], cost: 3, metadata: Said("third")));
        await Portal.PatchAsync($"/api/customers/{Id}", new { email = $"{Mark}@example.org" });
        await NameByLabelAsync();
        await Portal.PostAsync("/api/session/codes", new { expires_in = 600 }, 201);
        await BeWatchedAsync();
        await AskAboutAsync();
        await BeSoldAsync();
    }

    /// <summary>What a backend may send again.</summary>
    public Task<JsonElement> RetryAsync() => workspace.IngestAsync(Named(ExternalIds[0]));

    async Task TellAsync(string externalId, Guid id)
    {
        await workspace.IngestAsync([.. Named(externalId), .. OfOthers()]);
        await workspace.IngestAsync([.. Sold(externalId), .. Visited(externalId), Some.Event("by.id", At(8), customerId: id, metadata: Said("id"))]);
        await workspace.IngestAsync([.. OfNobody(), .. Logged(externalId, id)]);
        await Portal.IngestAsync(
            Some.Event("portal.root", At(9), $"{Mark}-p1", customer: null, metadata: Said("portal")),
            Some.Event("portal.child", At(10), $"{Mark}-p2", customer: null, parent: $"{Mark}-p1"),
            Some.Event("portal.waits", At(11), customer: null, parent: $"{Mark}-never"),
            Some.Event("mcp.session_started", At(12), customer: null, metadata: new() { ["session_id"] = $"{Mark}-session", ["agent"] = "a" }));
        await workspace.TellAsync(
            Called(1, externalId, $"{Mark}-r1", $"/people/{Mark}@example.com/orders", "203.0.113.77"),
            Called(2, externalId, $"{requestId}", $"/orders/{Mark}0123456789012345678901234567890123456789012345", "2001:db8:b0b:1::7"),
            Called(3, $"{id}", null, "/orders", null, status: 500), Called(4, "ann", "ann-1", "/orders", "198.51.100.1"));
        await Portal.TellAsync(Called(5, null, $"{Mark}-r5", "/portal", "2001:db8:b0b:2::7"));
    }

    /// <summary>Events that children of others, and of nobody, name as their parents; some of them wait for theirs.</summary>
    JsonObject[] Named(string externalId) =>
    [
        Some.Event("task.done", At(1), $"{Mark}-root", customer: externalId, cost: 1.5m, metadata: Said("root")),
        Some.Event("task.done", At(2), $"{Mark}-child", customer: externalId, parent: $"{Mark}-root", cost: 2, metadata: Said("child")),
        Some.Event("task.done", At(3), $"{eventId}", customer: externalId, parent: "ann-root", metadata: Said("under ann")),
        Some.Event("task.done", At(4), $"{Mark}-waits", customer: externalId, parent: $"{Mark}-later"),
        Some.Event("deploy.failed", At(5), $"{Mark}-deploy", customer: externalId, metadata: new()
        {
            ["_log"] = new JsonObject
            {
                ["severity"] = "CRITICAL", ["category"] = "BILLING", ["actor_type"] = Mark, ["actor_id"] = externalId, ["target_type"] = "user",
                ["target_id"] = Mark, ["correlation_id"] = Mark,
            },
        }),
        Some.Event("sync.run", At(6), $"{Mark}-sync", customer: externalId, metadata: new() { ["_log"] = new JsonObject { ["severity"] = Mark } }),
    ];

    JsonObject[] OfOthers() =>
    [
        Some.Event("task.done", At(1), "ann-root", customer: "ann", cost: 4),
        Some.Event("task.done", At(2), customer: "ann", parent: $"{Mark}-root", cost: 8),
        Some.Event("task.done", At(3), customer: "ann", parent: $"{Mark}-later", cost: 16),
        Some.Event("service.up", At(4), customer: null, parent: $"{Mark}-child"),
    ];

    JsonObject[] Sold(string externalId) =>
    [
        Sale("file_share.created", 1, externalId, new() { ["share_id"] = "s1", ["price_cents"] = 500, ["file_size_bytes"] = 10, ["expires_at"] = "2026-03-20T00:00:00Z", ["title"] = Mark }),
        Sale("file_share.created", 1, externalId, new() { ["share_id"] = "s2", ["expires_at"] = "2026-03-12T00:00:00Z" }),
        Sale("file_share.downloaded", 2, "ann", new() { ["share_id"] = "s1", ["bytes"] = 10 }),
        Sale("payment.completed", 3, "ann", new() { ["payment_id"] = "p1", ["amount_cents"] = 500, ["share_id"] = "s1", ["platform_fee_cents"] = 50 }),
        Sale("payment.completed", 3, externalId, new() { ["payment_id"] = "p2", ["amount_cents"] = 700, ["product_id"] = "shop", ["subscription_id"] = "sub", ["card"] = Mark }),
        Sale("payment.refunded", 4, externalId, new() { ["payment_id"] = "p2", ["amount_cents"] = 100, ["reason"] = Mark }),
        Sale("payment.failed", 4, externalId, new() { ["payment_id"] = "p3" }),
        Sale("file_share.completed", 5, externalId, new() { ["share_id"] = "s1" }),
        Sale("invoice.created", 6, externalId, new() { ["invoice_id"] = "in-1", ["amount_cents"] = 900, ["address"] = Mark }),
        Sale("subscription.changed", 7, externalId, new() { ["subscription_id"] = "sub", ["status"] = "active", ["product_id"] = "shop" }),
    ];

    /// <summary>What is the person's by the share, payment or subscription it names.</summary>
    JsonObject[] OfNobody() =>
    [
        Some.Event("payment.refunded", At(5), $"{Mark}-refund", null, metadata: new() { ["payment_id"] = "p2", ["amount_cents"] = 50, ["reason"] = Mark }),
        Some.Event("file_share.downloaded", At(6), $"{Mark}-download", null, metadata: new() { ["share_id"] = "s2", ["bytes"] = 3, ["by"] = Mark }),
        Some.Event("gen_ai.chat", At(7), $"{Mark}-chat", null, cost: 0.5m, metadata: new() { ["subscription_id"] = "sub", ["prompt"] = Mark }),
    ];

    /// <summary>What nobody and somebody else say of the person for the log.</summary>
    JsonObject[] Logged(string externalId, Guid id) =>
    [
        Some.Event("login.ok", At(9), customer: null, metadata: new() { ["_log"] = new JsonObject { ["actor_id"] = externalId, ["target_id"] = $"{id}" } }),
        Some.Event("login.ok", At(10), customer: "ann", metadata: new()
        {
            ["_log"] = new JsonObject { ["actor_id"] = $" {Mark.ToUpperInvariant()}@EXAMPLE.org", ["target_id"] = $"{id}".ToUpperInvariant() },
        }),
    ];

    JsonObject[] Visited(string externalId) =>
    [
        Some.Event("mcp.session_started", At(7), customer: externalId, metadata: new() { ["session_id"] = $"{Mark}-session", ["agent"] = "a" }),
        Some.Event("mcp.tool_invoked", At(8), customer: externalId, metadata: new()
        {
            ["session_id"] = $"{Mark}-session", ["tool"] = "search", ["server"] = "s", ["agent"] = "a", ["duration_ms"] = 12, ["status"] = "error",
            ["revenue_cents"] = 3, ["arguments"] = new JsonObject { ["who"] = Mark },
        }),
        Some.Event("storefront.visit", At(8), customer: externalId, metadata: new() { ["visitor_id"] = $"{Mark}-visitor", ["referrer"] = Mark }),
        Some.Event("gen_ai.chat", At(8), customer: externalId, cost: 0.25m, metadata: new()
        {
            ["cost_category"] = "llm",
            ["_llm"] = new JsonObject
            {
                ["vendor"] = "v", ["model"] = "m", ["input_tokens"] = 5, ["output_tokens"] = 6, ["prompt"] = $"Who is {Mark}?", ["response"] = Mark,
            },
        }),
    ];

    /// <summary>Texts in every place that metadata has for them.</summary>
    JsonObject Said(string where) => new()
    {
        ["note"] = $"{where} {Mark}", ["n"] = where.Length, ["truth"] = true, ["nothing"] = null, ["shout"] = Mark.ToUpperInvariant(),
        ["deep"] = new JsonObject { ["list"] = new JsonArray(1, Mark, new JsonObject { ["x"] = Mark, ["n"] = 7 }), ["status"] = Mark },
        ["deep.n"] = Mark, ["status"] = "ok", ["tool"] = "t",
    };

    JsonObject Called(int minute, string? customer, string? id, string path, string? ip, int status = 200) => Told.Request(
        At(minute), path, latency: 1_500, status, customer, id: id, apiKey: customer == "ann" ? "shared" : $"{Mark}-key", product: "shop",
        agent: customer == "ann" ? "curl" : $"Browser of {Mark}", ip: ip);

    async Task NameByLabelAsync()
    {
        var type = (await workspace.GetAsync("/api/event-types?q=task.done")).GetProperty("data")[0].GetProperty("id").GetString();
        await workspace.PatchAsync($"/api/event-types/{type}", new { label_property_selector = "note" });
    }

    /// <summary>Alerts that name the person, and one that tells of it.</summary>
    async Task BeWatchedAsync()
    {
        var named = SomeAlerts.Count(above: 0, name: $"What {ExternalIds[1]} does", dimension: "customer");
        named["query"]!["filters"] = new JsonArray(
            new JsonObject { ["field"] = "customer", ["operator"] = "IN", ["value"] = new JsonArray(ExternalIds[0], ExternalIds[2], 1, true) },
            new JsonObject { ["field"] = "mail", ["operator"] = "NOT_EQUALS", ["value"] = $"{Mark}@example.org" },
            new JsonObject { ["field"] = "by", ["operator"] = "NOT_EQUALS", ["value"] = $"{Id}" });
        await workspace.PostAsync(SomeAlerts.Path, named, 201);
        await workspace.PostAsync(SomeAlerts.Path, SomeAlerts.Count(above: 0, dimension: "note", name: $"Look at {Mark} again"), 201);
        await workspace.IngestAsync(
            Some.Event("task.watched", TimeProvider.System.GetUtcNow().AddMinutes(-3), customer: ExternalIds[2], metadata: Said("watched")),
            Some.Event("gen_ai.chat", TimeProvider.System.GetUtcNow().AddMinutes(-3), customer: null, metadata: new() { ["subscription_id"] = "sub", ["note"] = $"Also {Mark}" }));
        await workspace.LookAtAlertsAsync();
    }

    /// <summary>Reports that ask for the person by every name, and runs that tell every name and every text.</summary>
    async Task AskAboutAsync()
    {
        await workspace.SaveAsync(Asking(
            ["customer"],
            new JsonObject { ["field"] = "customer", ["operator"] = "NOT_EQUALS", ["value"] = $"{Id}" },
            new JsonObject { ["field"] = "email", ["operator"] = "NOT_EQUALS", ["value"] = $"{Mark}@example.org" },
            new JsonObject
            {
                ["field"] = "customer", ["operator"] = "NOT_IN", ["value"] = new JsonArray([.. ExternalIds.Select(id => JsonValue.Create($"{id}")), 1, true]),
            }));
        var report = Asking(
            [$"{Mark}@example.org", "customer"],
            new JsonObject { ["field"] = $"{Id}", ["operator"] = "NOT_EQUALS", ["value"] = $" {Mark.ToUpperInvariant()}@Example.ORG " },
            new JsonObject { ["field"] = "who", ["operator"] = "NOT_IN", ["value"] = new JsonArray($"{Mark} again", $"{Mark}@EXAMPLE.ORG") });
        report["name"] = $"Report of {Mark.ToUpperInvariant()} again";
        report["query"]!["events"] = new JsonArray($"{Mark}-third", "task.done");
        report["query"]!["metrics"]!.AsArray().Add(new JsonObject { ["aggregation"] = "sum", ["field"] = $"{Mark}-first" });
        report["query"]!["orderBy"] = $"-sum({Mark}-first)";
        await workspace.Api.MissedRunAsync(workspace, await workspace.SaveAsync(report));
        foreach (var dimensions in (string[][])[["customer"], ["name", "note"], ["shout", "deep.status", "customer"], ["prompt"], ["by"], ["reason"]])
            await workspace.Api.MissedRunAsync(workspace, await workspace.SaveAsync(Asking(dimensions)));
    }

    /// <summary>A unit and a product that are the person's alone.</summary>
    async Task BeSoldAsync()
    {
        await workspace.PostAsync("/api/v1/billable-units", new JsonObject
        {
            ["key"] = "own", ["name"] = $"Calls of {Mark} again", ["unitLabel"] = $"Calls by {Mark}-third", ["aggregation"] = "COUNT",
            ["eventName"] = "task.done",
        }, 201);
        await workspace.PostAsync("/api/v1/products", new { key = "own", name = $"API for {Mark}@example.org", type = "API" }, 201);
    }

    JsonObject Asking(string[] dimensions, params JsonObject[] filters)
    {
        var report = SomeReports.ByCustomer($"What {Mark}-third did", schedule: SomeReports.Schedule("day", "03:00"));
        report["query"] = new JsonObject
        {
            ["metrics"] = new JsonArray(new JsonObject { ["aggregation"] = "count" }), ["filters"] = new JsonArray(filters),
            ["dimensions"] = new JsonArray([.. dimensions.Select(dimension => JsonValue.Create(dimension))]), ["from"] = "2026-03-01", ["to"] = "2026-04-01",
        };
        return report;
    }

    static JsonObject Sale(string name, int minute, string customer, JsonObject metadata) =>
        Some.Event(name, At(minute), $"{name} {metadata["share_id"]} {metadata["payment_id"]} {customer}", customer, metadata: metadata);

    static DateTimeOffset At(int minute) => Some.Day.AddMinutes(minute);
}
