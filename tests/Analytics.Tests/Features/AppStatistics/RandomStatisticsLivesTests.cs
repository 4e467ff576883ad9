using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;
using Analytics.Tests.Oracle.Apps;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>
/// Devices, downloads and changes of storage of five apps in two workspaces: every answer about an app, a workspace or a user is what
/// looking at every fact gives, whatever became of the rollups, of an app, or of the facts themselves.
/// </summary>
[Collection<Timed>]
public sealed class RandomStatisticsLivesTests(TimedApi timed)
{
    const int Facts = 2_000;

    readonly AnalyticsApi api = timed.Api;

    [Theory, InlineData(1), InlineData(2)]
    public async Task Random_lives_agree_with_the_model_whatever_happens_when(int seed)
    {
        WorkspaceClient[] workspaces = [await NewWorkspaceAsync(), await NewWorkspaceAsync()];
        var (life, upkeeps) = (new AppLife(seed, timed.Now), await UpkeepsAsync(workspaces));
        foreach (var name in (string[])["o:one", "o:two", "o:three"])
            await life.NewAppAsync(workspaces[0], name);
        foreach (var name in (string[])["o:one", "P:one"])
            await life.NewAppAsync(workspaces[1], name);
        var agreement = new StatisticsAgreement(life.World, $"seed {seed}");
        life.Plan(Facts);
        await life.TellAsync();

        await agreement.AssertAsync("right after ingestion", await QuestionsAsync(life, workspaces));
        foreach (var upkeep in upkeeps)
            await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted", await QuestionsAsync(life, workspaces));
        life.Plan(Facts / 3);
        await Task.WhenAll(life.TellAsync(), upkeeps[0].CompactAsync(), upkeeps[1].RebuildAsync());
        await AppLife.DeleteAsync(life.World.Apps[1]);
        await agreement.AssertAsync("late facts over runs, an app deleted", await QuestionsAsync(life, workspaces));
        foreach (var upkeep in upkeeps)
            await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted again", await QuestionsAsync(life, workspaces));
        foreach (var upkeep in upkeeps)
            await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt", await QuestionsAsync(life, workspaces));
        foreach (var workspace in workspaces)
            await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task What_was_counted_stays_when_the_facts_are_gone()
    {
        WorkspaceClient[] workspaces = [await NewWorkspaceAsync(), await NewWorkspaceAsync()];
        var (life, upkeeps) = (new AppLife(3, timed.Now), await UpkeepsAsync(workspaces));
        foreach (var workspace in workspaces)
            await life.NewAppAsync(workspace, "o:one");
        await life.NewAppAsync(workspaces[0], "o:two");
        var agreement = new StatisticsAgreement(life.World, "retention");
        life.Plan(Facts / 2);
        await life.TellAsync();
        await upkeeps[0].CompactAsync();

        await workspaces[0].PatchAsync($"/api/workspaces/{workspaces[0].Id}", new { retention_days = 20 });
        await LetGoAsync();
        await agreement.AssertAsync("afterwards", await QuestionsAsync(life, workspaces));
        await upkeeps[0].RebuildAsync();
        await agreement.AssertAsync("rebuilt", await QuestionsAsync(life, workspaces));
        life.Plan(Facts / 2);
        await life.TellAsync();
        await agreement.AssertAsync("more facts of those days", await QuestionsAsync(life, workspaces));
        await upkeeps[0].RebuildAsync();
        await agreement.AssertAsync("rebuilt with them", await QuestionsAsync(life, workspaces));
        await LetGoAsync();
        await upkeeps[0].CompactAsync();
        await agreement.AssertAsync("those gone too", await QuestionsAsync(life, workspaces));
        await upkeeps[0].RebuildAsync();
        await agreement.AssertAsync("rebuilt without them", await QuestionsAsync(life, workspaces));
        foreach (var workspace in workspaces)
            await VerifyRun.OfAsync(workspace, 0);
    }

    Task<WorkspaceClient> NewWorkspaceAsync() => api.NewWorkspaceAsync("Asia/Kathmandu", retentionDays: 3_650);

    static async Task<Upkeep[]> UpkeepsAsync(WorkspaceClient[] workspaces)
    {
        var upkeeps = new List<Upkeep>();
        foreach (var workspace in workspaces)
            upkeeps.Add(await Upkeep.OfAsync(workspace));
        return [.. upkeeps];
    }

    Task LetGoAsync() => api.Services.GetRequiredService<Retention>().RunAsync(timed.Now, TestContext.Current.CancellationToken);

    /// <summary>About apps, workspaces and users in all the ways in which they can be named.</summary>
    async Task<List<StatisticsQuestion>> QuestionsAsync(AppLife life, WorkspaceClient[] workspaces)
    {
        var scopes = new List<StatisticsScope>();
        foreach (var app in life.World.Apps.Where(app => !app.IsDeleted))
            scopes.Add(new($"app/{Named(life.Random, app)}", app.Workspace, [app.Workspace], app));
        foreach (var workspace in workspaces)
            foreach (var route in (string[])[$"org/{workspace.Id}", $"org/{workspace.Slug}", "user"])
                scopes.Add(new(route, workspace, [workspace]));
        var (_, both) = await api.NewUserAsync((workspaces[0], "viewer"), (workspaces[1], "member"));
        var (_, one) = await api.NewUserAsync((workspaces[1], "viewer"));
        scopes.AddRange(
            new("user", both, workspaces), new("user", both, workspaces), new("user", one, [workspaces[1]]),
            new($"org/{workspaces[0].Slug}", both, [workspaces[0]]));
        var today = DateOnly.FromDateTime(timed.Now.UtcDateTime);
        return [.. new RandomStatisticsQuestions(life.Random, today).Some(2 * scopes.Count, scopes)];
    }

    static string Named(Random random, ToldApp app) => random.Next(3) switch
    {
        0 => $"{app.Id}",
        1 => app.NaturalId,
        _ => Uri.EscapeDataString(app.NaturalId),
    };
}
