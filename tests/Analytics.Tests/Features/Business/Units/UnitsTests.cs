using System.Text.Json;

namespace Analytics.Tests.Features.Business.Units;

/// <summary>Billable units and products are made, changed and deleted by their rules.</summary>
public sealed class UnitsTests(AnalyticsApi api)
{
    const string Units = "/api/v1/billable-units";
    const string Products = "/api/v1/products";

    [Fact]
    public async Task A_unit_is_told_as_it_was_made()
    {
        var workspace = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync(Units, """
            {"key":"tokens","name":"Tokens","unitLabel":"  tokens ","aggregation":"SUM","eventName":"llm.called","field":"usage.tokens",
             "productType":"AI_AGENT","filters":[{"field":"model","operator":"IN","value":["a",1.0,true]}]}
            """, 201);

        var told = """
            {"key":"tokens","name":"Tokens","unitLabel":"tokens","aggregation":"SUM","eventName":"llm.called","field":"usage.tokens",
             "productType":"AI_AGENT","filters":[{"field":"model","operator":"IN","value":["a",1.0,true]}]}
            """;
        AssertTold(told, made);
        AssertTold(told, Assert.Single(await RowsAsync(workspace, Units)));
        Assert.Empty(await RowsAsync(await api.NewWorkspaceAsync(), Units));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_unit_is_told_at_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await AssertProblemsAsync(
            workspace, "{}", "/aggregation", "/eventName", "/key", "/name", "/unitLabel");
        await AssertProblemsAsync(
            workspace, """
            {"key":" ","name":"n","unitLabel":"u","aggregation":"sum","eventName":"e","productType":"API2","filters":[
             {"field":"a","operator":"LIKE","value":1},{"operator":"EQUALS"},null,{"field":"a","operator":"GREATER_THAN","value":"1"},
             {"field":"a","operator":"CONTAINS","value":1},{"field":"a","operator":"IN","value":[]},{"field":"a","operator":"IN","value":[[1]]},
             {"field":"a","operator":"EQUALS","value":null},{"field":"a","operator":"NOT_IN","value":"a"},
             {"field":"a","operator":"EQUALS","value":{}}]}
            """, "/aggregation", "/filters/0/operator", "/filters/1/field", "/filters/1/value", "/filters/2", "/filters/3/value",
            "/filters/4/value", "/filters/5/value", "/filters/6/value", "/filters/7/value", "/filters/8/value", "/filters/9/value", "/key",
            "/productType");
        foreach (var aggregation in (string[])["SUM", "UNIQUE", "MAX", "AVG", "PERCENTILE_95"])
            await AssertProblemsAsync(
                workspace, $$"""{"key":"k","name":"n","unitLabel":"u","aggregation":"{{aggregation}}","eventName":"e"}""", "/field");
        var hundredAndOne = string.Join(',', Enumerable.Range(0, 101));
        await AssertProblemsAsync(
            workspace, $$"""
            {"key":"k","name":"n","unitLabel":"u","aggregation":"COUNT","eventName":"e",
             "filters":[{"field":"a","operator":"IN","value":[{{hundredAndOne}}]}]}
            """, "/filters/0/value");
        Assert.Empty(await RowsAsync(workspace, Units));
    }

    [Fact]
    public async Task A_key_is_taken_once_and_free_again_after_its_unit()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync(Units, Unit("calls"), 201);
        await workspace.PostAsync(Units, Unit("calls"), 409);
        await workspace.PostAsync(Units, Unit("Calls"), 201);
        await workspace.DeleteAsync($"{Units}/calls");
        await workspace.DeleteAsync($"{Units}/calls", 404);
        await workspace.PatchAsync($"{Units}/calls", new { name = "Other" }, 404);
        await workspace.PostAsync(Units, Unit("calls"), 201);
        await workspace.PostAsync(Units, Unit("a/b %"), 201);
        await workspace.PatchAsync($"{Units}/a%2Fb%20%25", new { name = "Slash" });
    }

    [Fact]
    public async Task A_unit_changes_until_it_has_usage_and_then_only_how_it_is_called()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync(Units, Unit("calls"), 201);
        await workspace.PatchAsync($"{Units}/calls", new { aggregation = "SUM" }, 400);
        var changed = await workspace.PatchAsync($"{Units}/calls", new { aggregation = "SUM", field = "n", productType = "API" });
        Assert.Equal("SUM n API", $"{changed.GetProperty("aggregation")} {changed.GetProperty("field")} {changed.GetProperty("productType")}");
        await workspace.PatchAsync($"{Units}/calls", new { eventName = "task.done", productType = (string?)null });
        await workspace.PostAsync(Units, Unit("taken"), 201);
        await workspace.PatchAsync($"{Units}/calls", new { key = "taken" }, 409);
        await workspace.PatchAsync($"{Units}/calls", new { key = "" }, 400);
        Assert.Equal("renamed", (await workspace.PatchAsync($"{Units}/calls", new { key = "renamed" })).GetProperty("key").GetString());
        await workspace.PatchAsync($"{Units}/calls", new { name = "Gone" }, 404);
        await workspace.PatchAsync($"{Units}/renamed", new { key = "calls" });

        await workspace.IngestAsync(Some.Event());
        foreach (var change in (object[])[new { aggregation = "MAX" }, new { eventName = "other" }, new { field = "m" }, new { productType = "API" },
            new { key = "other" }, new { filters = new[] { new { field = "n", @operator = "EQUALS", value = 1 } } }])
            await workspace.PatchAsync($"{Units}/calls", change, 409);
        var called = await workspace.PatchAsync($"{Units}/calls", new { key = "calls", name = "Called", unitLabel = " x ", aggregation = "SUM", filters = Array.Empty<int>() });
        Assert.Equal("Called x SUM", $"{called.GetProperty("name")} {called.GetProperty("unitLabel")} {called.GetProperty("aggregation")}");
    }

    [Fact]
    public async Task What_was_stored_before_a_unit_is_usage_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event());
        await workspace.PostAsync(Units, Unit("calls", "task.done"), 201);
        await workspace.PatchAsync($"{Units}/calls", new { eventName = "other" }, 409);
    }

    [Fact]
    public async Task A_workspace_has_at_most_a_hundred_units_and_products()
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var number = 0; number < 100; number++)
        {
            await workspace.PostAsync(Units, Unit($"u{number}"), 201);
            await workspace.PostAsync(Products, new { key = $"p{number}", name = "P", type = "API" }, 201);
        }

        await workspace.PostAsync(Units, Unit("more"), 409);
        await workspace.PostAsync(Products, new { key = "more", name = "P", type = "API" }, 409);
        await workspace.DeleteAsync($"{Units}/u0");
        await workspace.DeleteAsync($"{Products}/p0");
        await workspace.PostAsync(Units, Unit("more"), 201);
        await workspace.PostAsync(Products, new { key = "more", name = "P", type = "API" }, 201);
    }

    [Fact]
    public async Task A_product_is_made_changed_and_deleted()
    {
        var workspace = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync(Products, new { key = "shop", name = "Shop", type = "MCP_SERVER" }, 201);
        AssertTold("""{"key":"shop","name":"Shop","type":"MCP_SERVER"}""", made);
        await workspace.PostAsync(Products, new { key = "shop", name = "Shop", type = "API" }, 409);
        await workspace.PostAsync(Products, new { key = "x", name = " ", type = "SHOP" }, 400);
        AssertTold("""{"key":"shop","name":"Shop","type":"API"}""", await workspace.PatchAsync($"{Products}/shop", new { type = "API" }));
        AssertTold("""{"key":"shop","name":"Store","type":"API"}""", await workspace.PatchAsync($"{Products}/shop", new { name = "Store" }));
        AssertTold("""{"key":"shop","name":"Store","type":"API"}""", Assert.Single(await RowsAsync(workspace, Products)));
        await workspace.DeleteAsync($"{Products}/shop");
        await workspace.PatchAsync($"{Products}/shop", new { name = "Shop" }, 404);
        Assert.Empty(await RowsAsync(workspace, Products));
    }

    internal static object Unit(string key, string eventName = "api.called") =>
        new { key, name = "Calls", unitLabel = "calls", aggregation = "COUNT", eventName };

    static async Task<IReadOnlyList<JsonElement>> RowsAsync(WorkspaceClient workspace, string path) =>
        [.. (await workspace.GetAsync(path)).GetProperty("data").EnumerateArray()];

    static void AssertTold(string expected, JsonElement told)
    {
        foreach (var member in JsonElement.Parse(expected).EnumerateObject())
            Assert.Equal(Compact(member.Value), Compact(told.GetProperty(member.Name)));
    }

    static string Compact(JsonElement value) => JsonSerializer.Serialize(value);

    static async Task AssertProblemsAsync(WorkspaceClient workspace, string body, params string[] pointers)
    {
        var answer = await workspace.PostAsync(Units, body, 400);
        Assert.Equal(pointers, answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!).Order(StringComparer.Ordinal));
    }
}
