using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>Units come and go: whichever there is counts all events there are.</summary>
public sealed class UnitLifeTests(AnalyticsApi api)
{
    static readonly ToldUnit Calls = new("calls", "COUNT", "task.done", null, null, []);

    [Fact]
    public async Task A_unit_that_is_deleted_and_made_again_counts_everything()
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        await workspace.PostAsync("/api/v1/billable-units", Calls.Body, 201);
        await workspace.IngestAsync(Some.Events(2, at: Some.Day));
        await workspace.DeleteAsync("/api/v1/billable-units/calls");
        await workspace.IngestAsync(Some.Events(1, at: Some.Day));
        Assert.Equal(0, (await workspace.GetAsync($"{Path}?{March}")).GetProperty("units").GetArrayLength());

        await workspace.PostAsync("/api/v1/billable-units", Calls.Body, 201);
        Assert.Equal(3, await TotalAsync(workspace));
        await workspace.IngestAsync(Some.Events(4, at: Some.Day));
        Assert.Equal(7, await TotalAsync(workspace));
        await upkeep.ReadyUnitsAsync();
        Assert.Equal(7, await TotalAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
        await upkeep.RebuildAsync();
        Assert.Equal(7, await TotalAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_rebuild_counts_a_unit_that_is_not_ready()
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        await workspace.IngestAsync(Some.Events(5, at: Some.Day));
        await workspace.PostAsync("/api/v1/billable-units", Calls.Body, 201);
        await workspace.IngestAsync(Some.Events(2, at: Some.Day));
        await upkeep.RebuildAsync();
        await upkeep.ReadyUnitsAsync();
        Assert.Equal(7, await TotalAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("_llm.total_tokens", """[{"_llm":{"vendor":"v","model":"m","input_tokens":2,"output_tokens":3}},{"_llm":{"vendor":"v","model":"m","input_tokens":4,"output_tokens":0}}]""")]
    [InlineData("_cost.amount", """[{"_cost":{"amount":"4.50","currency":"USD"}},{"_cost":{"amount":4.5,"currency":"USD"}},{"n":1}]""")]
    [InlineData("n", """[{"n":4.25},{"n":4.75},{"n":"7"},{"n":1e16},{"n":0.0000000000001},{"n":null},{"n":[1]}]""")]
    public async Task The_only_unit_counts_the_same_numbers_before_and_after_it_is_ready(string field, string events)
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        await workspace.IngestAsync(JsonNode.Parse(events)!.AsArray().Select(said => Some.Event(at: Some.Day, metadata: (JsonObject)said!.DeepClone())));
        await upkeep.WithoutBackfillsAsync(async () =>
        {
            await workspace.PostAsync("/api/v1/billable-units", new ToldUnit("one", "SUM", "task.done", field, null, []).Body, 201);
            Assert.Equal(9, await TotalAsync(workspace));
        });
        await upkeep.ReadyUnitsAsync();
        Assert.Equal(9, await TotalAsync(workspace));
    }

    [Fact]
    public async Task Thirty_units_with_filters_of_their_own_count_right_and_leave_few_texts()
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        var random = new Random(30);
        for (var unit = 0; unit < 30; unit++)
            await workspace.PostAsync(
                "/api/v1/billable-units",
                new ToldUnit($"u{unit:00}", unit % 3 == 0 ? "COUNT" : "SUM", "task.done", unit % 3 == 0 ? null : "n", null, [new($"f{unit}", "EQUALS", 1)]).Body, 201);
        var told = Enumerable.Range(0, 1_500).Select(_ => Enumerable.Range(0, 30).Select(_ => random.Next(2)).ToArray()).ToList();
        foreach (var batch in told.Chunk(500))
            await workspace.IngestAsync(batch.Select(bits => Some.Event(at: Some.Day, metadata: new JsonObject(
                bits.Select((bit, at) => KeyValuePair.Create($"f{at}", (JsonNode?)bit)).Append(new("n", 2))))));

        var units = (await workspace.GetAsync($"{Path}?{March}")).GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("total").GetInt64());
        Assert.Equal(Enumerable.Range(0, 30).Select(unit => told.Sum(bits => bits[unit]) * (unit % 3 == 0 ? 1L : 2)), units);
        // Six filters of two outcomes each make one batch, of which 63 combinations count at most.
        Assert.InRange(await api.Store.ScalarAsync<long>(
            "select count(*) from texts where workspace_id = $1 and kind = $2", [upkeep.Workspace, (short)TextKind.UsageKey], default), 30, 5 * 63);
        await upkeep.CompactAsync();
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
    }

    const string Path = "/api/v1/analytics/usage/by-billable-unit";
    const string March = "from=2026-03-01&to=2026-04-01";

    static async Task<long> TotalAsync(WorkspaceClient workspace) =>
        (long)(await workspace.GetAsync($"{Path}?{March}")).GetProperty("units")[0].GetProperty("total").GetDecimal();
}
