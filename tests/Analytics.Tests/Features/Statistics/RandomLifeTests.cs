using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Statistics;

/// <summary>Whatever happens to a workspace, and whatever has become of its rollups, answers are those of a naive recount.</summary>
public sealed class RandomLifeTests(AnalyticsApi api)
{
    [Theory, InlineData(1), InlineData(2)]
    public async Task Statistics_equal_a_recount_whatever_happens_when(int seed)
    {
        var workspace = await api.NewWorkspaceAsync(timezone: "America/St_Johns", retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var life = new RandomLife(workspace, seed);
        var agreement = new Agreement(workspace, life.World);
        life.Plan();
        await life.MakeCustomersAsync(0, 10);
        await life.TellAsync(600);

        var questions = new RandomQuestions(life, seed).Some(40);
        await agreement.AssertAsync("right after ingestion", questions);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted", questions);
        await life.MakeCustomersAsync(10, 10);
        await life.ChangeExternalIdsAsync();
        await agreement.AssertAsync("linked late", questions);
        await life.TellAsync(300);
        questions = new RandomQuestions(life, seed + 100).Some(40);
        await agreement.AssertAsync("more events over runs", questions);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt", questions);
        await agreement.AssertAsync("raw", RandomQuestions.Raw(questions.Take(20)));
        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = "Asia/Kathmandu" });
        await life.TellAsync(300);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("in another zone", questions);
        await life.TellAsync(RandomLife.Events);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("all told", questions);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt at the end", questions);
    }

    [Fact]
    public async Task A_custom_field_counts_the_same_before_and_after_it_is_registered()
    {
        string[] fields = ["size", "deep.n", "score"];
        var workspace = await api.NewWorkspaceAsync(retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var life = new RandomLife(workspace, 3);
        var agreement = new Agreement(workspace, life.World);
        life.Plan();
        await life.MakeCustomersAsync(0, 12);
        await life.TellAsync(700);

        var questions = new RandomQuestions(life, 4);
        foreach (var field in fields)
        {
            var asked = questions.Some(12, field);
            await agreement.AssertAsync($"{field} raw", RandomQuestions.Raw(asked));
            await agreement.AssertAsync($"{field} being registered", asked);
            await life.TellAsync(100);
            await upkeep.RegisteredAsync(field);
            await agreement.AssertAsync($"{field} registered", asked);
            await life.TellAsync(100);
            await agreement.AssertAsync($"{field} with more children", asked);
        }

        var all = questions.Some(12, fields);
        await life.TellAsync(RandomLife.Events);
        await agreement.AssertAsync("all fields", all);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("all fields, compacted", all);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("all fields, rebuilt", all);
        await agreement.AssertAsync("all fields, raw", RandomQuestions.Raw(all));
    }
}
