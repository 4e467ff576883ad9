using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;
using static Analytics.Tests.Contract.HeldClient;

namespace Analytics.Tests.Contract.Calls;

/// <summary>Tools of MCP, units and products, alerts, reports and webhooks.</summary>
static class BusinessCalls
{
    public static async Task MakeAllAsync(AnalyticsApi api, HeldClient client, WorkspaceClient workspace)
    {
        await AskForMcpAsync(client);
        await AskForBusinessAsync(client);
        await WatchAsync(client);
        await SaveReportsAsync(api, client, workspace);
        await AskForWebhooksAsync(client);
    }

    static async Task AskForMcpAsync(HeldClient client)
    {
        var invocation = new { tool = "search", agent = "claude", session_id = "s", duration_ms = 12.5, revenue_cents = 3 };
        await client.GetAsync("/api/v1/analytics/storefront/funnel?period=7d");
        await client.PostAsync("/api/events/ingest", new { events = new[] { new { name = "mcp.tool_invoked", metadata = invocation } } }, 200);
        foreach (var route in (string[])["tools", "sessions", "agents"])
            await client.GetAsync($"/api/v1/analytics/mcp/{route}?period=7d");
    }

    static async Task AskForBusinessAsync(HeldClient client)
    {
        const string units = "/api/v1/billable-units", products = "/api/v1/products", range = "from=2026-03-11&to=2026-03-12";
        await client.PostAsync(units, JsonNode.Parse("""
            {"key":"pages","name":"Pages","unitLabel":"pages","aggregation":"SUM","eventName":"report.made","field":"pages","productType":null,
             "filters":[{"field":"_llm.vendor","operator":"IN","value":["acme",1]}]}
            """));
        await client.PostAsync(units, new { key = "made", name = "Made", unitLabel = "made", aggregation = "COUNT", eventName = "page.made" });
        await client.PostAsync(products, new { key = "shop", name = "Shop", type = "API" });
        await client.GetAsync($"{units}?sort=-name&limit=1");
        await client.GetAsync($"{units}/made");
        await client.GetAsync(products);
        await client.GetAsync($"{products}/shop");
        await client.SendAsync("PATCH", $"{units}/made", new { name = "Pages made", field = (string?)null }, 200);
        await client.SendAsync("PATCH", $"{products}/shop", new { type = "AGENTIC_API" }, 200);
        await client.GetAsync($"/api/v1/analytics/usage/by-billable-unit?{range}");
        await client.GetAsync("/api/v1/analytics/usage/by-billable-unit?period=2h");
        await client.GetAsync($"/api/v1/analytics/usage/by-customer?{range}");
        await client.GetAsync($"/api/v1/analytics/usage/by-product?{range}");
        await client.SendAsync("DELETE", $"{units}/made", null, 204);
        await client.SendAsync("DELETE", $"{products}/shop", null, 204);
    }

    static async Task WatchAsync(HeldClient client)
    {
        var alert = SomeAlerts.Count(dimension: "customer");
        var made = $"{SomeAlerts.Path}/{Id(await client.PostAsync(SomeAlerts.Path, alert))}";
        await client.PostAsync(SomeAlerts.Path, JsonNode.Parse("""
            {"name":"Users","window":"30d","when":{"changePercent":-10.5},"statistic":{"scope":"org","measure":"mau"}}
            """));
        await client.GetAsync($"{SomeAlerts.Path}?sort=-name&limit=1");
        await client.GetAsync(made);
        await client.SendAsync("PATCH", made, new { name = "Other", enabled = false }, 200);
        await client.GetAsync($"{made}/history");
        await client.PostAsync($"{SomeAlerts.Path}/preview", new { alert, days = 1 }, 200);
        await client.SendAsync("DELETE", made, null, 204);
    }

    static async Task SaveReportsAsync(AnalyticsApi api, HeldClient client, WorkspaceClient workspace)
    {
        var daily = SomeReports.Schedule("day", "08:00", "Europe/Paris");
        var report = $"{SomeReports.Path}/{Id(await client.PostAsync(SomeReports.Path, SomeReports.ByCustomer(period: "3m", schedule: daily)))}";
        await client.GetAsync($"{SomeReports.Path}?q=by&sort=name");
        await client.GetAsync(report);
        await client.GetAsync($"{report}/run");
        await client.GetAsync(await api.MissedRunAsync(workspace, report));
        await client.GetAsync($"{report}/runs");
        await client.PostAsync($"{report}/links", new { expiresAt = TimeProvider.System.GetUtcNow().AddDays(2) });
        await client.SendAsync("PUT", report, SomeReports.ByCustomer("Other"), 200);
        await client.SendAsync("DELETE", report, null, 204);
    }

    static async Task AskForWebhooksAsync(HeldClient client)
    {
        const string hooks = "/api/v1/webhooks";
        var made = await client.PostAsync(hooks, new { url = "https://hooks.invalid/", events = (string[])["customer.created"] });
        var hook = $"{hooks}/{Id(made)}";
        await client.PostAsync("/api/customers", new { name = "Told" });
        JsonElement tried = default;
        await Until.HoldsAsync(
            async () => (tried = (await client.GetAsync($"{hook}/deliveries")).GetProperty("data")[0]).GetProperty("tries").GetArrayLength() > 0,
            "It is not tried.");
        await client.PostAsync($"{hook}/deliveries/{Id(tried)}/retry", null, 202);
        await client.PostAsync($"{hook}/secrets", null);
        await client.SendAsync("PATCH", hook, new { events = (string[])["*"], enabled = false }, 200);
        await client.GetAsync(hook);
        await client.GetAsync($"{hooks}?sort=-url&limit=1");
        await client.SendAsync("DELETE", hook, null, 204);
    }
}
