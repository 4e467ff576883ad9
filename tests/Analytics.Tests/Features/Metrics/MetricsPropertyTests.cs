using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;
using Analytics.Tests.Oracle.Metrics;

namespace Analytics.Tests.Features.Metrics;

/// <summary>
/// Whatever happens to a workspace, and whatever has become of its rollups, metrics are those of a naive recount. Two lives as a rule;
/// <c>ANALYTICS_LIVES=20</c> in the environment makes it twenty, or any other number.
/// </summary>
public sealed class MetricsPropertyTests(AnalyticsApi api)
{
    static readonly string[] Zones = ["Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "UTC"];

    static int Count => int.TryParse(Environment.GetEnvironmentVariable("ANALYTICS_LIVES"), out var set) && set > 0 ? set : 2;

    /// <summary>Seeds, each with the zone of its workspace.</summary>
    public static TheoryData<int, string> Lives =>
        [.. Enumerable.Range(1, Count).Select(seed => new TheoryDataRow<int, string>(seed, Zones[(seed - 1) % Zones.Length]))];

    [Theory, MemberData(nameof(Lives))]
    public async Task Metrics_equal_a_recount_whatever_happens_when(int seed, string zone)
    {
        var workspace = await api.NewWorkspaceAsync(zone, retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var life = new MetricsLife(workspace, seed);
        var agreement = new MetricsAgreement(workspace, life, $"seed {seed} in {zone}");
        life.Plan();
        await life.MakeCustomersAsync(0, 8);
        await life.TellAsync(life.Waiting / 2);

        var questions = new RandomMetricsQuestions(life, seed).Some(40);
        await agreement.AssertAsync("right after ingestion", questions);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted", questions.Take(20));
        await life.MakeCustomersAsync(8, 8);
        await life.ChangeExternalIdsAsync();
        await agreement.AssertAsync("linked late", questions);

        questions = new RandomMetricsQuestions(life, seed + 100).Some(40);
        for (var part = 0; part < 10; part++)
        {
            await life.TellAsync(4);
            await agreement.AssertAsync("after a few events more", questions.Skip(2 * part).Take(2));
        }

        await life.TellAsync(life.Waiting - 100);
        await agreement.AssertAsync("more events over runs", questions);
        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = Zones[seed % Zones.Length] });
        await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted in another zone", questions.Take(20));
        await life.EraseAsync(5);
        await life.TellAsync(life.Waiting);
        questions = new RandomMetricsQuestions(life, seed + 200).Some(40);
        await agreement.AssertAsync("one erased", questions);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt", questions);
        await upkeep.CompactAsync();
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));
    }
}
