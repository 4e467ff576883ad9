using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;
using Analytics.Tests.Oracle.Requests;

namespace Analytics.Tests.Features.Requests;

/// <summary>
/// Whatever happens to a workspace, and whatever has become of its rollups, every answer about API usage is that of a naive recount. Two
/// lives of 20 000 requests as a rule; <c>ANALYTICS_LIVES=20</c> in the environment makes it twenty, or any other number.
/// </summary>
[Collection(typeof(Stopped))]
public sealed class RandomRequestLivesTests(StoppedApi stopped)
{
    const int Requests = 20_000;
    static readonly string[] Zones = ["Europe/Paris", "Asia/Kathmandu", "Asia/Beirut", "UTC"];

    static int Count => int.TryParse(Environment.GetEnvironmentVariable("ANALYTICS_LIVES"), out var set) && set > 0 ? set : 2;

    /// <summary>Seeds, each with the zone of its workspace.</summary>
    public static TheoryData<int, string> Lives =>
        [.. Enumerable.Range(1, Count).Select(seed => new TheoryDataRow<int, string>(seed, Zones[(seed - 1) % Zones.Length]))];

    [Theory, MemberData(nameof(Lives))]
    public async Task Random_lives_agree_with_the_model_whatever_happens_when(int seed, string zone)
    {
        var workspace = await stopped.Api.NewWorkspaceAsync(zone, retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var life = new RequestsLife(workspace, seed);
        var agreement = new RequestsAgreement(workspace, life.World, $"seed {seed} in {zone}");
        life.Plan(Requests);
        await life.MakeCustomersAsync(0, 12);
        await life.TellCostsAsync();
        await life.TellAsync(Requests / 2);

        var questions = new RandomRequestsQuestions(life, seed).Some(8);
        await agreement.AssertAsync("right after ingestion", questions);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted", questions);
        await life.MakeCustomersAsync(12, 8);
        await life.ChangeExternalIdsAsync();
        await agreement.AssertAsync("linked late", questions.Take(56));
        await life.TellAsync(life.Waiting);

        questions = new RandomRequestsQuestions(life, seed + 100).Some(12);
        await agreement.AssertAsync("more requests over runs", questions);
        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = Zones[seed % Zones.Length] });
        await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted in another zone", questions.Take(56));
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt", questions);
        await upkeep.CompactAsync();
        Assert.Empty(await Verifier.DifferencesAsync(stopped.Api.Store, upkeep.Workspace));
    }

    [Fact]
    public async Task An_erased_customer_leaves_every_number_as_it_was()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync("Europe/Paris", retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var life = new RequestsLife(workspace, 77);
        var agreement = new RequestsAgreement(workspace, life.World, "one erased");
        life.Plan(6_000);
        await life.MakeCustomersAsync(0, 9);
        await life.TellCostsAsync();
        await life.TellAsync(3_000);
        await upkeep.CompactAsync();
        await life.EraseAsync(8, stopped.Clock);
        await upkeep.CompactAsync();

        var questions = new RandomRequestsQuestions(life, 77).Some(4);
        await agreement.AssertAsync("afterwards", questions);
        await life.TellAsync(life.Waiting);
        await agreement.AssertAsync("with somebody new of that name", questions);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt", questions);
        Assert.Empty(await Verifier.DifferencesAsync(stopped.Api.Store, upkeep.Workspace));
    }
}
