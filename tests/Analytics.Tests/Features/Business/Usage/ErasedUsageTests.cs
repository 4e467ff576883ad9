using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage.Verification;
using Analytics.Tests.Features.Erasure;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>What units counted by texts that an erasure takes stays counted, for good.</summary>
public sealed class ErasedUsageTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task What_erased_people_used_stays_counted()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (life, upkeep) = (new UsageLife(workspace, 3, Now), await Upkeep.OfAsync(workspace));
        await life.RegisterAsync("c0", "c1");
        await life.MakeProductAsync("p1", "API");
        await life.MakeUnitsAsync("a", 3);
        await life.TellAsync(400);
        await upkeep.CompactAsync();
        await life.MakeUnitsAsync("b", 5);
        await upkeep.ReadyUnitsAsync();
        var before = await ToldAsync(workspace);
        Assert.Contains(before, told => told.Contains("\"total\":", StringComparison.Ordinal) && !told.Contains("\"total\":0,", StringComparison.Ordinal));

        await workspace.EraseAsync(life.Customers["c0"]!.Value);
        await workspace.EraseAsync(life.Customers["c1"]!.Value);

        Assert.Equal(before, await ToldAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
        await upkeep.RebuildAsync();
        Assert.Equal(before, await ToldAsync(workspace));
        await life.MakeUnitsAsync("c", 7);
        var later = await ToldAsync(workspace);
        await upkeep.ReadyUnitsAsync();
        await upkeep.CompactAsync();
        Assert.Equal(later, await ToldAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_erased_people_used_before_units_that_are_not_ready_stays_counted()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (life, upkeep) = (new UsageLife(workspace, 12, Now), await Upkeep.OfAsync(workspace));
        await life.RegisterAsync("c0", "c1");
        await life.MakeProductAsync("p1", "API");
        await life.TellAsync(400);
        IReadOnlyList<string> before = [], later = [];
        await upkeep.WithoutBackfillsAsync(async () =>
        {
            await life.MakeUnitsAsync("a", 3);
            before = await ToldAsync(workspace);
            Assert.Contains(before, told => !told.Contains("\"total\":0,", StringComparison.Ordinal));
            await workspace.EraseAsync(life.Customers["c0"]!.Value);
            Assert.Equal(before, await ToldAsync(workspace));
            await life.MakeUnitsAsync("b", 5);
            later = await ToldAsync(workspace);
        });
        await upkeep.ReadyUnitsAsync();
        Assert.Equal(later, await ToldAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Units_that_kept_a_value_before_and_after_it_was_erased_count_each_its_own()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (bob, ann) = (await workspace.NewCustomerAsync("bob"), await workspace.NewCustomerAsync("ann"));
        var upkeep = await Upkeep.OfAsync(workspace);
        await MakeUnitAsync("early");
        await workspace.IngestAsync(((string[])["bob", "dave"]).Select(customer => Some.Event(
            "order.made", Now.AddDays(-10), customer: customer, metadata: new() { ["_log"] = new JsonObject { ["target_id"] = "ann" } })));
        await workspace.EraseAsync(ann);
        await MakeUnitAsync("late");
        await upkeep.ReadyUnitsAsync();
        var before = await ToldAsync(workspace);
        Assert.Equal(["1", "1"], before.Select(told => told.Split("\"total\":")[1].Split(',')[0]));

        await workspace.EraseAsync(bob);

        Assert.Equal(before, await ToldAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
        await upkeep.RebuildAsync();
        Assert.Equal(before, await ToldAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));

        Task MakeUnitAsync(string key) => workspace.PostAsync(
            "/api/v1/billable-units",
            new { key, name = "n", unitLabel = "l", aggregation = "UNIQUE", eventName = "order.made", field = "_log.target_id" }, 201);
    }

    [Fact]
    public async Task What_a_unit_counted_that_came_between_two_erasures_of_an_events_people_stays_counted()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (bob, ann) = (await workspace.NewCustomerAsync("bob"), await workspace.NewCustomerAsync("ann"));
        var upkeep = await Upkeep.OfAsync(workspace);
        await MakeUnitAsync("all", "COUNT", null);
        await MakeUnitAsync("early", "UNIQUE", "plan");
        await workspace.IngestAsync(((string[])["gold", "gold", "silver"]).Select(plan => Some.Event(
            "order.made", Now.AddDays(-10), customer: "bob",
            metadata: new() { ["plan"] = plan, ["_log"] = new JsonObject { ["target_id"] = "ann" } })));
        await workspace.EraseAsync(ann);
        await MakeUnitAsync("gold", "COUNT", null, "plan");
        await MakeUnitAsync("late", "UNIQUE", "plan", "plan");
        await upkeep.ReadyUnitsAsync();
        var before = await ToldAsync(workspace);
        Assert.Equal(["3", "2", "2", "1"], before.Select(told => told.Split("\"total\":")[1].Split(',')[0]));

        await workspace.EraseAsync(bob);

        Assert.Equal(before, await ToldAsync(workspace));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
        await upkeep.RebuildAsync();
        Assert.Equal(before, await ToldAsync(workspace));

        Task MakeUnitAsync(string key, string aggregation, string? field, string? filtered = null) => workspace.PostAsync(
            "/api/v1/billable-units",
            new
            {
                key, name = "n", unitLabel = "l", aggregation, eventName = "order.made", field,
                filters = filtered is null ? [] : new[] { new { field = filtered, @operator = "EQUALS", value = "gold" } },
            }, 201);
    }

    /// <summary>What every unit comes to, over time and by customer, whoever that is; from within a quarter hour to within another.</summary>
    static async Task<IReadOnlyList<string>> ToldAsync(WorkspaceClient workspace)
    {
        var path = $"/api/v1/analytics/usage/by-billable-unit?from={UsageLife.At(Cut(Now.AddDays(-40)))}&to={UsageLife.At(Cut(Now.AddDays(-5)))}";
        return [.. (await workspace.GetAsync(path)).GetProperty("units").EnumerateArray().Select(Told)];
    }

    static string Told(JsonElement unit)
    {
        var totals = unit.GetProperty("customers").EnumerateArray().Select(customer => customer.GetProperty("total").GetRawText());
        return $"\"unit\":{unit.GetProperty("unit")},\"total\":{unit.GetProperty("total")},{unit.GetProperty("previousTotal")},"
            + $"{JsonSerializer.Serialize(unit.GetProperty("trend"))},{string.Join(';', totals)}";
    }

    static DateTimeOffset Cut(DateTimeOffset instant) => new(instant.UtcTicks / 10 * 10, TimeSpan.Zero);
}
