using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Tests.Commands;
using Upkeep = Analytics.Tests.Oracle.Upkeep;

namespace Analytics.Tests.Storage;

/// <summary>A customer's long ranges are read from days where runs have them, and from quarter hours where they have not.</summary>
public sealed class PeopleDaysTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] Zones = ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns"];

    [Fact]
    public async Task Answers_about_a_customer_are_the_same_from_days_and_from_quarter_hours()
    {
        var workspace = await api.NewWorkspaceAsync("Europe/Paris");
        var key = await RandomLife.KeyOfAsync(workspace);
        var rollups = new StoredRollups(api.Store, key);
        await rollups.FreezeAsync();
        await new RandomLife(workspace, 9).LiveAsync(200);
        var unflushed = await AnswersAsync(workspace);
        Assert.Equal(0, await DaysAsync(rollups));

        // The service may come in between, which has no days for so little.
        var waiting = await KeptRows.OfAsync(api.Store, key);
        await Until.HoldsAsync(async () =>
        {
            await waiting.RestoreAsync();
            await rollups.FlushAsync();
            return await rollups.CountAsync($"rollup_runs where workspace_id = $1 and rollup = 2 and grains = {(short)Grains.QuarterHour}") == 0;
        }, "The service always comes in between.");
        Assert.NotEqual(0, await DaysAsync(rollups));
        Assert.Equal(unflushed, await AnswersAsync(workspace));

        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = "Asia/Kathmandu" });
        await rollups.FlushAsync();
        Assert.Equal(unflushed, await AnswersAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_run_with_days_takes_in_runs_without()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var upkeep = await Upkeep.OfAsync(workspace);
        var rollups = new StoredRollups(api.Store, upkeep.Workspace);
        await new RandomLife(workspace, 4).LiveAsync(60);
        for (var round = 0; round < 4; round++)
        {
            // Each second time with days, which merges what there is.
            await upkeep.CompactAsync();
            await workspace.IngestAsync(Enumerable.Range(0, 40).Select(number => Some.Event(
                at: Start.AddMinutes(1_001 * number + 7 * round), customer: $"person-{number % 8}", cost: number)));
        }

        var asked = await AnswersAsync(workspace);
        Assert.Equal(1, await rollups.CountAsync("rollup_runs where workspace_id = $1 and rollup = 2"));
        Assert.NotEqual(0, await DaysAsync(rollups));
        await VerifyRun.OfAsync(workspace, 0);
        await upkeep.RebuildAsync();
        Assert.Equal(asked, await AnswersAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
    }

    static Task<long> DaysAsync(StoredRollups rollups) =>
        rollups.CountAsync($"rollup_runs where workspace_id = $1 and rollup = {EventRollups.People.Id} and grains <> {(short)Grains.QuarterHour}");

    static async Task<string[]> AnswersAsync(WorkspaceClient workspace)
    {
        var questions =
            from zone in Zones
            from interval in new[] { "hour", "day", "week", "month" }
            from person in new[] { "person-1", "person-6" }
            let range = interval == "hour" ? "start_date=2026-03-20&end_date=2026-03-31" : "start_date=2026-02-26&end_date=2026-04-06"
            select $"/api/events/statistics/timeseries?{range}&interval={interval}&timezone={zone}&external_customer_id={person}&source=user&source=system";
        var answers = new List<string>();
        foreach (var question in questions)
            answers.Add((await workspace.GetAsync(question)).GetRawText());
        return [.. answers];
    }
}
