using System.Text.Json;

namespace Analytics.Tests.Features.Erasure;

/// <summary>What units and products are shown as, after whoever they name is erased.</summary>
public sealed class TitleErasureTests(AnalyticsApi api)
{
    const string Units = "/api/v1/billable-units";
    const string Products = "/api/v1/products";

    [Fact]
    public async Task Units_and_products_are_shown_under_the_pseudonym_and_count_as_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = (await workspace.PostAsync(
            "/api/customers", new { external_id = "ann-1", name = "Ann Smith", email = "ann@mail.example" }, 201)).GetProperty("id").GetGuid();
        await workspace.PostAsync(Units, """
            {"key":"calls","name":"Calls of ANN smith","unitLabel":"calls by ann-1","aggregation":"COUNT","eventName":"task.done",
             "filters":[{"field":"by","operator":"EQUALS","value":"ann-1"}]}
            """, 201);
        await workspace.PostAsync(Units, """{"key":"all","name":"All calls","unitLabel":"calls","aggregation":"COUNT","eventName":"task.done"}""", 201);
        await workspace.PostAsync(Products, """{"key":"own","name":"API for ann@mail.example","type":"API"}""", 201);
        await workspace.PostAsync(Products, """{"key":"all","name":"API for all","type":"API"}""", 201);
        await workspace.IngestAsync(Some.Event(at: Some.Day, customer: "ann-1", metadata: new() { ["by"] = "ann-1" }));

        await workspace.EraseAsync(ann);

        var (all, calls) = await PairAsync(workspace, Units);
        var pseudonym = calls.GetProperty("name").GetString()!["Calls of ".Length..];
        Assert.True(Guid.TryParse(pseudonym, out _), pseudonym);
        Assert.Equal($"calls by {pseudonym}", calls.GetProperty("unitLabel").GetString());
        Assert.Equal(("All calls", "calls"), (all.GetProperty("name").GetString(), all.GetProperty("unitLabel").GetString()));
        var (allApi, own) = await PairAsync(workspace, Products);
        Assert.Equal(("API for all", $"API for {pseudonym}"), (allApi.GetProperty("name").GetString(), own.GetProperty("name").GetString()));
        var usage = (await workspace.GetAsync("/api/v1/analytics/usage/by-billable-unit?from=2026-03-01&to=2026-04-01")).GetProperty("units");
        Assert.Equal([1, 1], usage.EnumerateArray().Select(unit => unit.GetProperty("total").GetInt32()));
        Assert.DoesNotContain("ann", usage.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    static async Task<(JsonElement First, JsonElement Second)> PairAsync(WorkspaceClient workspace, string path)
    {
        var rows = (await workspace.GetAsync($"{path}?sort=key")).GetProperty("data");
        return (rows[0], rows[1]);
    }
}
