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

    [Fact]
    public async Task Labels_of_events_and_names_of_keys_are_under_the_pseudonym()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = (await workspace.PostAsync(
            "/api/customers", new { external_id = "done", name = "Ann Smith" }, 201)).GetProperty("id").GetGuid();
        await workspace.IngestAsync(
            Some.Event("task.done", Some.Day, customer: "done"), Some.Event("report.done", Some.Day, customer: "done"));
        var types = (await workspace.GetAsync("/api/event-types?sort=name&q=.done")).GetProperty("data");
        await workspace.PatchAsync($"/api/event-types/{types[1].GetProperty("id")}", new { label = "Tasks of ann smith, who is done" });
        await workspace.Api.Root.PostAsync($"/api/workspaces/{workspace.Id}/keys", new { name = "Key for Ann Smith", scopes = (string[])["stats:read"] }, 201);

        await workspace.EraseAsync(ann);

        var labels = (await workspace.GetAsync("/api/event-types?sort=name&q=.done")).GetProperty("data")
            .EnumerateArray().Select(type => type.GetProperty("label").GetString()!).ToList();
        var pseudonym = labels[1][^36..];
        Assert.True(Guid.TryParse(pseudonym, out _), labels[1]);
        // A label that nobody wrote is the name of the events.
        Assert.Equal(["report.done", $"Tasks of {pseudonym}, who is {pseudonym}"], labels);
        var keys = (await workspace.Api.Root.GetAsync($"/api/workspaces/{workspace.Id}/keys?limit=1000")).GetProperty("data");
        Assert.Contains($"Key for {pseudonym}", keys.EnumerateArray().Select(key => key.GetProperty("name").GetString()));
        Assert.DoesNotContain("Smith", keys.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    static async Task<(JsonElement First, JsonElement Second)> PairAsync(WorkspaceClient workspace, string path)
    {
        var rows = (await workspace.GetAsync($"{path}?sort=key")).GetProperty("data");
        return (rows[0], rows[1]);
    }
}
