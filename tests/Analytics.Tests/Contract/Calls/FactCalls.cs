using System.Text.Json;
using System.Text.Json.Nodes;
using static Analytics.Tests.Contract.HeldClient;

namespace Analytics.Tests.Contract.Calls;

/// <summary>Customers, events and requests, and the numbers of them.</summary>
static class FactCalls
{
    const string Range = "from=2026-03-11&to=2026-03-12";

    const string Question = """
        {"metrics":[{"aggregation":"count"},{"aggregation":"p95","field":"amount"}],"dimensions":["name","customer"],"interval":"week"}
        """;

    public static async Task MakeAllAsync(HeldClient client)
    {
        await TellOfCustomersAsync(client);
        await TellOfEventsAsync(client);
        await TellOfRequestsAsync(client);
        await AskForNumbersAsync(client);
        await AskForUsageAsync(client);
        await AskForRequestsAsync(client);
    }

    static async Task TellOfCustomersAsync(HeldClient client)
    {
        var full = new { external_id = "acme", name = "Acme", email = "ada@example.com", metadata = new { plan = "large" } };
        var customer = $"/api/customers/{Id(await client.PostAsync("/api/customers", full))}";
        await client.PostAsync("/api/customers", new { });
        await client.GetAsync("/api/customers");
        await client.GetAsync(customer);
        await client.SendAsync("PATCH", customer, new { email = (string?)null, metadata = new { } }, 200);
        var erasure = await client.SendAsync("DELETE", customer, null, 202);
        await client.GetAsync($"/api/erasures/{erasure.GetProperty("job_id")}");
    }

    static async Task TellOfEventsAsync(HeldClient client)
    {
        await client.PostAsync("/api/events/ingest", JsonNode.Parse("""
            {"events":[
             {"name":"report.made","external_customer_id":"x","external_id":"r-1","source":"user","timestamp":"2026-03-11T09:30:00Z",
              "metadata":{"pages":12,"_cost":{"amount":"1.25","currency":"usd"},
               "_llm":{"vendor":"acme","model":"large","input_tokens":812,"output_tokens":64,"prompt":"Say it."},
               "_log":{"severity":"WARN","actor_type":"user","actor_id":"ada"}}},
             {"name":"page.made","external_customer_id":"x","parent_id":"r-1","metadata":{"_cost":{"amount":2,"currency":"usd"}}},
             {"name":"page.made","external_customer_id":"x","parent_id":"not-yet","customer_id":null}]}
            """), 200);
        var stranger = new JsonObject { ["name"] = "a.b", ["customer_id"] = Guid.NewGuid() };
        await client.PostAsync("/api/events/ingest?partial=true", new JsonObject { ["events"] = new JsonArray(stranger) }, 200);
        var events = await client.GetAsync("/api/events?aggregate_fields=_cost.amount");
        await client.GetAsync($"/api/events/{Id(events.GetProperty("data")[0])}");
        await client.GetAsync("/api/events/names");
        var type = $"/api/event-types/{Id((await client.GetAsync("/api/event-types")).GetProperty("data")[0])}";
        await client.GetAsync(type);
        await client.SendAsync("PATCH", type, new { label = "Made", label_property_selector = (string?)null }, 200);
    }

    static async Task TellOfRequestsAsync(HeldClient client)
    {
        await client.PostAsync("/api/requests/ingest", JsonNode.Parse("""
            {"requests":[
             {"method":"GET","path":"/users/42/orders?page=2","route":"/users/{id}/orders","statusCode":200,"latencyMs":12.345,"timestamp":1773221400000,
              "customerId":"x","apiKeyId":"key-7","productId":"shop","requestSize":0,"responseSize":5120,"userAgent":"curl/8.14.1","ip":"203.0.113.9",
              "requestId":"q-1"},
             {"method":"GET","path":"/","statusCode":500,"latencyMs":1500,"timestamp":"2026-03-11T09:30:00Z","customerId":null}]}
            """), 200);
        var bad = new JsonObject { ["method"] = "GET", ["path"] = "/", ["statusCode"] = 1, ["latencyMs"] = 1 };
        await client.PostAsync("/api/requests/ingest?partial=true", new JsonObject { ["requests"] = new JsonArray(bad) }, 200);
    }

    static async Task AskForNumbersAsync(HeldClient client)
    {
        const string range = "start_date=2026-03-10&end_date=2026-03-12&interval=day";
        await client.GetAsync($"/api/events/statistics/timeseries?{range}");
        await client.GetAsync($"/api/metrics?{range}&compare=previous_period");
        await client.GetAsync("/api/metrics?start_date=2020-01-01&end_date=2020-01-02&interval=hour&metrics=costs");
        await client.GetAsync("/api/metrics/limits");
        await client.GetAsync("/api/verification");
        await client.PostAsync("/api/stream/tokens", null);
    }

    static async Task AskForUsageAsync(HeldClient client)
    {
        await client.GetAsync("/api/requests/dashboard?date=2026-03-11");
        await client.GetAsync($"/api/requests/timeseries?{Range}&interval=hour");
        await client.GetAsync($"/api/requests/endpoints?{Range}");
        await client.GetAsync($"/api/requests/latency?{Range}");
        await client.GetAsync($"/api/requests/heatmap?{Range}&measure=p95");
        await client.GetAsync($"/api/requests/heatmap?{Range}&by=endpoint");
    }

    static async Task AskForRequestsAsync(HeldClient client)
    {
        await client.GetAsync($"/api/requests/recent?{Range}&limit=1");
        await client.GetAsync("/api/v1/events?limit=3&severity=info");
        await client.GetAsync("/api/requests/slow?date=2026-03-11");
        await client.GetAsync($"/api/requests/slow/patterns?{Range}");
        await client.GetAsync($"/api/requests/degradations?{Range}");
        await client.GetAsync("/api/v1/analytics/cogs?period=2d");
        await client.GetAsync($"/api/v1/analytics/cogs?{Range}&groupBy=customer&groupBy=model");
        await client.PostAsync("/api/v1/analytics/query", JsonElement.Parse(Question), 200);
        await client.GetAsync($"/api/requests/customers?{Range}");
        await client.GetAsync("/api/requests/customers/x/report?days=365");
        await client.PostAsync("/api/requests/customers/x/report/links", new { days = 7, expiresAt = TimeProvider.System.GetUtcNow().AddDays(2) });
    }
}
