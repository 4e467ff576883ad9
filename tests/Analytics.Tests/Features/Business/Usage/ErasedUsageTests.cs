using System.Text.Json;
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
