using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>Whoever sends events may make up products and tools: so many count by themselves.</summary>
public sealed class TextRoomTests(AnalyticsApi api)
{
    const string March = "from=2026-03-01&to=2026-04-01";

    [Fact]
    public async Task Products_and_tools_that_there_is_no_room_for_count_together_and_stay_so()
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        await workspace.PostAsync("/api/v1/billable-units", new ToldUnit("calls", "COUNT", "mcp.tool_invoked", null, null, []).Body, 201);
        foreach (var batch in Enumerable.Range(0, 2_030).Chunk(700))
            await workspace.IngestAsync(batch.Select(Invoked));
        await workspace.IngestAsync(Enumerable.Range(0, 40).Select(at => Invoked(at % 2 == 0 ? 2_001 : 7)));
        await AgreeAsync(workspace);
        await VerifyRun.OfAsync(workspace, 0);

        await upkeep.CompactAsync();
        await upkeep.RebuildAsync();
        await AgreeAsync(workspace);
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Of_products_that_only_requests_name_the_most_used_are_told_apart()
    {
        var workspace = await api.NewWorkspaceAsync();
        var requests = Enumerable.Range(0, 2_005).SelectMany(at => Enumerable.Repeat($"r{at}", at < 5 ? 1 : 2)).Append("shop").ToList();
        await workspace.PostAsync("/api/v1/products", new { key = "shop", name = "Shop", type = "API" }, 201);
        await workspace.PostAsync("/api/requests/ingest", new
        {
            requests = requests.Select(product => new
            {
                method = "GET", path = "/", statusCode = 200, latencyMs = 1, timestamp = Some.Day, productId = product,
            }),
        });

        var products = await RowsAsync(workspace, "usage/by-product", "products");

        Assert.Equal(("__other__", 5), (products[0].GetProperty("product").GetString(), products[0].GetProperty("requests").GetInt32()));
        Assert.Equal(2_002, products.Count);
        Assert.Equal(requests.Count, products.Sum(row => row.GetProperty("requests").GetInt32()));
        Assert.Single(products, row => row.GetProperty("product").GetString() == "shop");
    }

    [Fact]
    public async Task A_registered_product_counts_by_itself_from_then_on_whenever_that_is()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync("/api/v1/billable-units", new ToldUnit("calls", "COUNT", "mcp.tool_invoked", null, null, []).Body, 201);
        foreach (var batch in Enumerable.Range(0, 2_002).Chunk(1_001))
            await workspace.IngestAsync(batch.Select(Invoked));
        foreach (var key in (string[])["p2001", "pfresh"])
            await workspace.PostAsync("/api/v1/products", new { key, name = key, type = "API" }, 201);
        await workspace.IngestAsync(Invoked("2001"), Invoked("2001"), Invoked("fresh"), Invoked("late"));

        await HoldsAsync(workspace, async () =>
        {
            Assert.Equal(
                ["2 2 p2001", "1 1 pfresh", "3 3 __other__", "1 1 p7"],
                await ProductsAsync(workspace, "p2001", "pfresh", "__other__", "p7"));
            Assert.Equal(2_003, (await RowsAsync(workspace, "usage/by-product", "products")).Count);
        });
    }

    [Fact]
    public async Task What_portal_keys_name_takes_nobodys_place()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await workspace.PostAsync("/api/v1/billable-units", new ToldUnit("calls", "COUNT", "mcp.tool_invoked", null, null, []).Body, 201);
        await workspace.IngestAsync(Enumerable.Range(0, 1_999).Select(Invoked));
        async Task ThroughPortalAsync(params string[] names) => await portal.PostAsync("/api/events/ingest", new JsonObject
        {
            ["events"] = new JsonArray([.. names.Select(name =>
            {
                var e = Invoked(name).AsObject();
                e.Remove("external_customer_id");
                return (JsonNode)e;
            })]),
        });
        await ThroughPortalAsync([.. Enumerable.Range(0, 500).Select(at => $"q{at}")]);
        await ThroughPortalAsync("q500", "q501", "7");
        await workspace.IngestAsync(Invoked("q500"));
        await ThroughPortalAsync("q500", "q502");
        await workspace.IngestAsync(Invoked("b"));

        await HoldsAsync(workspace, async () =>
        {
            Assert.Equal(
                ["1 1 pq0", "1 1 pq499", "2 2 pq500", "4 4 __other__", "2 2 p7", "1 1 p1998"],
                await ProductsAsync(workspace, "pq0", "pq499", "pq500", "__other__", "p7", "p1998"));
            foreach (var (route, list, member) in ((string, string, string)[])[("mcp/tools", "tools", "tool"), ("mcp/agents", "agents", "agent")])
                Assert.Equal([4, 2, 2, 1, 1], (await RowsAsync(workspace, route, list)).Select(row => row.GetProperty("invocations").GetInt32()).Take(5));
        });
    }

    /// <summary>It holds as written, and as counted anew.</summary>
    static async Task HoldsAsync(WorkspaceClient workspace, Func<Task> holds)
    {
        await holds();
        await VerifyRun.OfAsync(workspace, 0);
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        await holds();
        await VerifyRun.OfAsync(workspace, 0);
    }

    /// <summary>Their events, what the unit counts of them, and their keys.</summary>
    static async Task<string[]> ProductsAsync(WorkspaceClient workspace, params string[] keys)
    {
        var rows = (await RowsAsync(workspace, "usage/by-product", "products")).ToDictionary(row => row.GetProperty("product").GetString()!);
        return [.. keys.Select(key => $"{rows[key].GetProperty("events")} {rows[key].GetProperty("usage")[0].GetProperty("total")} {key}")];
    }

    static JsonObject Invoked(int at) => Invoked($"{at}");

    static JsonObject Invoked(string name) => Some.Event("mcp.tool_invoked", Some.Day, metadata: new JsonObject
    {
        ["product_id"] = $"p{name}", ["tool"] = $"t{name}", ["agent"] = $"a{name}",
    });

    // 30 that came last, and one of them 20 times more; the seventh had room.
    static async Task AgreeAsync(WorkspaceClient workspace)
    {
        var products = await RowsAsync(workspace, "usage/by-product", "products");
        Assert.Equal(["__other__", "p7"], products.Take(2).Select(row => row.GetProperty("product").GetString()));
        Assert.Equal([50, 21], products.Take(2).Select(row => row.GetProperty("usage")[0].GetProperty("total").GetInt32()));
        Assert.Equal([50, 21], products.Take(2).Select(row => row.GetProperty("events").GetInt32()));
        Assert.Equal(2_001, products.Count);
        var types = await RowsAsync(workspace, "usage/by-product", "byType");
        Assert.Equal(2_070, Assert.Single(types).GetProperty("events").GetInt32());

        foreach (var (route, list, member, name) in ((string, string, string, string)[])
            [("mcp/tools", "tools", "tool", "t7"), ("mcp/agents", "agents", "agent", "a7")])
        {
            var rows = await RowsAsync(workspace, route, list);
            Assert.Equal(["__other__", name], rows.Take(2).Select(row => row.GetProperty(member).GetString()));
            Assert.Equal([50, 21], rows.Take(2).Select(row => row.GetProperty("invocations").GetInt32()));
            Assert.Equal(2_001, rows.Count);
        }
    }

    static async Task<List<JsonElement>> RowsAsync(WorkspaceClient workspace, string route, string list) =>
        [.. (await workspace.GetAsync($"/api/v1/analytics/{route}?{March}")).GetProperty(list).EnumerateArray()];
}
