using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;
using Analytics.Tests.Oracle.Apps;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>Views and invocations of apps: their statistics are what looking at every fact gives, whatever became of the facts.</summary>
[Collection<Timed>]
public sealed class RandomAppStatsTests(TimedApi timed)
{
    const int Facts = 2_500, KeptDays = 20;

    readonly AnalyticsApi api = timed.Api;

    [Fact]
    public async Task Random_lives_agree_with_the_model_whatever_happens_when()
    {
        var workspace = await api.NewWorkspaceAsync("America/St_Johns", retentionDays: 3_650);
        var (life, upkeep) = (new AppLife(4, timed.Now), await Upkeep.OfAsync(workspace));
        foreach (var name in (string[])["o:one", "o:two", "o:never"])
            await life.NewAppAsync(workspace, name);
        var told = life.World.Apps[..2];
        life.Plan(Facts, told);
        await life.TellAsync();

        await AssertAsync(life.World, "right after ingestion", DateTimeOffset.MinValue);
        await upkeep.CompactAsync();
        await AssertAsync(life.World, "compacted", DateTimeOffset.MinValue);
        await upkeep.RebuildAsync();
        await workspace.PatchAsync($"/api/apps/{told[0].Id}", new { quota_bytes = told[0].Quota = 5_000_000_000 });
        life.Plan(Facts / 5, told);
        await life.TellAsync();
        await AssertAsync(life.World, "rebuilt, and more facts", DateTimeOffset.MinValue);
        await VerifyRun.OfAsync(workspace, 0);

        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { retention_days = KeptDays });
        await api.Services.GetRequiredService<Retention>().RunAsync(timed.Now, TestContext.Current.CancellationToken);
        // Whole days are let go.
        var kept = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-KeptDays);
        await AssertAsync(life.World, "most facts gone", kept);
        await upkeep.RebuildAsync();
        await upkeep.CompactAsync();
        await AssertAsync(life.World, "rebuilt without them", kept);
        await VerifyRun.OfAsync(workspace, 0);
    }

    async Task AssertAsync(AppWorld world, string moment, DateTimeOffset kept)
    {
        foreach (var app in world.Apps)
        {
            var count = new AppStatsCount(world, app, timed.Now);
            await AssertAsync(app, $"/api/apps/{app.NaturalId}/stats", count.Stats(), moment);
            await AssertAsync(app, $"/api/apps/{app.Id}/stats/api", count.Api(kept), moment);
        }
    }

    static async Task AssertAsync(ToldApp app, string path, string expected, string moment)
    {
        var difference = Canonical.Difference(expected, await app.Workspace.GetAsync(path));
        Assert.True(difference is null, $"{moment}, {app.NaturalId}, {path}: {difference}");
    }
}
