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

    static JsonNode Invoked(int at) => Some.Event("mcp.tool_invoked", Some.Day, metadata: new JsonObject
    {
        ["product_id"] = $"p{at}", ["tool"] = $"t{at}", ["agent"] = $"a{at}",
    });

    // 30 that came last, and one of them 20 times more; the seventh had room.
    static async Task AgreeAsync(WorkspaceClient workspace)
    {
        var products = await RowsAsync(workspace, "usage/by-product", "products");
        Assert.Equal(["__other__", "p7"], products.Take(2).Select(row => row.GetProperty("product").GetString()));
        Assert.Equal([50, 21], products.Take(2).Select(row => row.GetProperty("usage")[0].GetProperty("total").GetInt32()));
        Assert.Equal([50, 21], products.Take(2).Select(row => row.GetProperty("events").GetInt32()));
        Assert.Equal(1_000, products.Count);
        var types = await RowsAsync(workspace, "usage/by-product", "byType");
        Assert.Equal(2_070, Assert.Single(types).GetProperty("events").GetInt32());

        foreach (var (route, list, member, name) in ((string, string, string, string)[])
            [("mcp/tools", "tools", "tool", "t7"), ("mcp/agents", "agents", "agent", "a7")])
        {
            var rows = await RowsAsync(workspace, route, list);
            Assert.Equal(["__other__", name], rows.Take(2).Select(row => row.GetProperty(member).GetString()));
            Assert.Equal([50, 21], rows.Take(2).Select(row => row.GetProperty("invocations").GetInt32()));
            Assert.Equal(1_000, rows.Count);
        }
    }

    static async Task<List<JsonElement>> RowsAsync(WorkspaceClient workspace, string route, string list) =>
        [.. (await workspace.GetAsync($"/api/v1/analytics/{route}?{March}")).GetProperty(list).EnumerateArray()];
}
