using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Events;

/// <summary>Where events stand in their traces, whatever order they came in.</summary>
public sealed class TraceTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_trace_of_one_request_is_linked()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Trace());

        await AssertTraceAsync(workspace);
    }

    [Theory]
    [InlineData("root,left,right,leaf")]
    [InlineData("leaf,right,left,root")]
    [InlineData("leaf,root,left,right")]
    [InlineData("left,leaf,right,root")]
    [InlineData("right,left,root,leaf")]
    public async Task A_trace_is_linked_whatever_order_its_events_come_in(string order)
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var externalId in order.Split(','))
            await workspace.IngestAsync(Trace().Where(e => (string?)e["external_id"] == externalId));

        await AssertTraceAsync(workspace);
    }

    [Fact]
    public async Task An_event_whose_parent_has_not_come_is_pending_and_no_root()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event(externalId: "child", parent: "ghost", cost: 2, at: Some.Day), Some.Event(externalId: "grandchild", parent: "child", cost: 3));

        var child = await ByExternalIdAsync(workspace, "child", "?aggregate_fields=_cost.amount");
        Assert.Equal("ghost", child.GetProperty("pending_parent_id").GetString());
        Assert.Equal(JsonValueKind.Null, child.GetProperty("parent_id").ValueKind);
        Assert.Equal(JsonValueKind.Null, child.GetProperty("root_id").ValueKind);
        Assert.Equal(1, child.GetProperty("child_count").GetInt32());
        Assert.Equal(1, child.GetProperty("descendant_count").GetInt32());
        Assert.Equal("5", child.GetProperty("aggregates").GetProperty("_cost.amount").GetString());

        var grandchild = await ByExternalIdAsync(workspace, "grandchild");
        Assert.Equal(child.GetProperty("id").GetGuid(), grandchild.GetProperty("parent_id").GetGuid());
        Assert.Equal(JsonValueKind.Null, grandchild.GetProperty("pending_parent_id").ValueKind);
        Assert.Equal(JsonValueKind.Null, grandchild.GetProperty("root_id").ValueKind);
        Assert.Empty((await workspace.GetAsync("/api/events?root=true")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_parent_may_be_named_by_its_own_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "top"));
        var top = (await ByExternalIdAsync(workspace, "top")).GetProperty("id").GetString()!;
        await workspace.IngestAsync(Some.Event(externalId: "below", parent: top));

        var below = await ByExternalIdAsync(workspace, "below");

        Assert.Equal(top, below.GetProperty("parent_id").GetString());
        Assert.Equal(top, below.GetProperty("root_id").GetString());
    }

    [Fact]
    public async Task Aggregates_are_exact_and_take_numbers_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Parse("""{"name":"a","external_customer_id":"c","external_id":"top","metadata":{"_cost":{"amount":"0.000000000001","currency":"usd"},"size":1e2,"deep":{"n":0.1}}}"""),
            Parse("""{"name":"a","external_customer_id":"c","external_id":"mid","parent_id":"top","metadata":{"_cost":{"amount":999999999,"currency":"usd"},"size":"7","deep.n":0.2,"deep":{"n":50}}}"""),
            Parse("""{"name":"a","external_customer_id":"c","external_id":"low","parent_id":"mid","metadata":{"size":-1.5,"_llm":{"vendor":"v","model":"m","input_tokens":3,"output_tokens":4}}}"""));
        const string Fields = "?aggregate_fields=_cost.amount&aggregate_fields=size&aggregate_fields=deep.n&aggregate_fields=_llm.total_tokens&aggregate_fields=none";

        var top = (await ByExternalIdAsync(workspace, "top", Fields)).GetProperty("aggregates");
        var mid = (await ByExternalIdAsync(workspace, "mid", Fields)).GetProperty("aggregates");
        var cost = await ByExternalIdAsync(workspace, "top", "?aggregate_fields=_cost.amount");

        Assert.Equal("""{"_cost.amount":"999999999.000000000001","size":"98.5","deep.n":"0.3","_llm.total_tokens":"7","none":"0"}""", top.GetRawText());
        Assert.Equal("""{"_cost.amount":"999999999","size":"-1.5","deep.n":"0.2","_llm.total_tokens":"7","none":"0"}""", mid.GetRawText());
        Assert.Equal("999999999.000000000001", cost.GetProperty("aggregates").GetProperty("_cost.amount").GetString());
        Assert.False((await ByExternalIdAsync(workspace, "top")).TryGetProperty("aggregates", out _));
    }

    [Fact]
    public async Task Random_traces_equal_a_recount()
    {
        var workspace = await api.NewWorkspaceAsync();
        var random = new Random(7);
        var parents = Enumerable.Range(0, 60).Select(at => at == 0 || random.Next(6) == 0 ? (int?)null : random.Next(at)).ToArray();
        var order = Enumerable.Range(0, 60).ToArray();
        random.Shuffle(order);
        foreach (var batch in order.Chunk(7))
            await workspace.IngestAsync(batch.Select(at => Some.Event(
                externalId: $"e{at}", parent: parents[at] is { } parent ? $"e{parent}" : null, cost: at, at: Some.Day.AddHours(random.Next(2000)))));

        var rows = (await workspace.GetAsync("/api/events?limit=1000&aggregate_fields=_cost.amount")).GetProperty("data").EnumerateArray()
            .ToDictionary(row => int.Parse(row.GetProperty("external_id").GetString()![1..]));

        Assert.Equal(60, rows.Count);
        for (var at = 0; at < 60; at++)
        {
            var below = Enumerable.Range(0, 60).Where(other => other != at && Ancestors(other).Contains(at)).ToList();
            var root = parents[at] is null ? at : Ancestors(at).Single(other => parents[other] is null);
            Assert.Equal(rows[root].GetProperty("id").GetGuid(), rows[at].GetProperty("root_id").GetGuid());
            Assert.Equal(parents.Count(parent => parent == at), rows[at].GetProperty("child_count").GetInt32());
            Assert.Equal(below.Count, rows[at].GetProperty("descendant_count").GetInt32());
            Assert.Equal($"{below.Sum() + at}", rows[at].GetProperty("aggregates").GetProperty("_cost.amount").GetString());
        }

        IEnumerable<int> Ancestors(int at)
        {
            for (var above = parents[at]; above is { } id; above = parents[id])
                yield return id;
        }
    }

    static JsonObject[] Trace() =>
    [
        Some.Event(externalId: "root", cost: 1, at: Some.Day),
        Some.Event(externalId: "left", parent: "root", cost: 2, at: Some.Day.AddDays(40)),
        Some.Event(externalId: "right", parent: "root", cost: 4, at: Some.Day.AddDays(-40)),
        Some.Event(externalId: "leaf", parent: "left", cost: 8.5m, at: Some.Day),
    ];

    static async Task AssertTraceAsync(WorkspaceClient workspace)
    {
        var rows = (await workspace.GetAsync("/api/events?aggregate_fields=_cost.amount")).GetProperty("data").EnumerateArray()
            .ToDictionary(row => row.GetProperty("external_id").GetString()!);
        var root = rows["root"].GetProperty("id").GetGuid();
        AssertPlace(rows["root"], root, null, 2, 3, "15.5");
        AssertPlace(rows["left"], root, root, 1, 1, "10.5");
        AssertPlace(rows["right"], root, root, 0, 0, "4");
        AssertPlace(rows["leaf"], root, rows["left"].GetProperty("id").GetGuid(), 0, 0, "8.5");
        foreach (var row in rows.Values)
        {
            var one = await workspace.GetAsync($"/api/events/{row.GetProperty("id").GetGuid()}?aggregate_fields=_cost.amount");
            Assert.Equal(row.GetRawText(), one.GetRawText());
        }

        var children = await workspace.GetAsync($"/api/events?parent_id={root}");
        Assert.Equal(["left", "right"], children.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("external_id").GetString()));
        var roots = await workspace.GetAsync("/api/events?root=true");
        Assert.Equal("root", Assert.Single(roots.GetProperty("data").EnumerateArray()).GetProperty("external_id").GetString());
    }

    static void AssertPlace(JsonElement row, Guid root, Guid? parent, int children, int descendants, string cost)
    {
        Assert.Equal(root, row.GetProperty("root_id").GetGuid());
        Assert.Equal(parent?.ToString(), row.GetProperty("parent_id").GetString());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("pending_parent_id").ValueKind);
        Assert.Equal(children, row.GetProperty("child_count").GetInt32());
        Assert.Equal(descendants, row.GetProperty("descendant_count").GetInt32());
        Assert.Equal(cost, row.GetProperty("aggregates").GetProperty("_cost.amount").GetString());
    }

    static async Task<JsonElement> ByExternalIdAsync(WorkspaceClient workspace, string externalId, string query = "")
    {
        var rows = (await workspace.GetAsync("/api/events?limit=1000")).GetProperty("data").EnumerateArray();
        var id = rows.Single(row => row.GetProperty("external_id").GetString() == externalId).GetProperty("id").GetGuid();
        return await workspace.GetAsync($"/api/events/{id}{query}");
    }

    static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
