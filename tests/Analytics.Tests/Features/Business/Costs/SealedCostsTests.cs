using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Costs;

/// <summary>Costs of days whose events are gone: they stay, and whose a subscription is stays known.</summary>
[Collection<Timed>]
public sealed class SealedCostsTests(TimedApi timed)
{
    readonly string route =
        $"/api/v1/analytics/cogs?from={timed.Now.AddDays(-90).UtcDateTime:yyyy-MM-dd}&to={timed.Now.AddDays(2).UtcDateTime:yyyy-MM-dd}";

    [Fact]
    public async Task What_was_counted_stays_when_the_events_are_gone()
    {
        var workspace = await timed.Api.NewWorkspaceAsync("Asia/Kathmandu", retentionDays: 20);
        var (upkeep, random) = (await Upkeep.OfAsync(workspace), new RandomCosts(11));
        var events = random.Events(120, timed.Now.AddDays(-60), TimeSpan.FromDays(59));
        await workspace.IngestAsync(random.Shuffled(events).Select(e => e.ToJson(null)));
        await workspace.IngestAsync(Named(-50, "owner", null), Named(-1, null, 5));
        var before = await AnswersAsync(workspace);

        await timed.Api.Services.GetRequiredService<Retention>().RunAsync(timed.Now, TestContext.Current.CancellationToken);
        Assert.True(await timed.Api.Store.ScalarAsync<long>(
            "select count(*) from events where workspace_id = $1", [upkeep.Workspace], default) < events.Count / 2);
        Assert.Equal(before, await AnswersAsync(workspace));
        await upkeep.CompactAsync();
        await upkeep.RebuildAsync();
        Assert.Equal(before, await AnswersAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);

        await workspace.IngestAsync(Named(0, null, 2));
        Assert.Contains("""{"key":"owner","name":"owner","costCents":7,""", (await AnswersAsync(workspace))[0], StringComparison.Ordinal);
        await VerifyRun.OfAsync(workspace, 0);
    }

    JsonObject Named(int days, string? customer, decimal? cost) => Some.Event(
        "service.run", timed.Now.AddDays(days), Some.ExternalId, customer, cost: cost, metadata: new JsonObject { ["subscription_id"] = "old" });

    async Task<List<string>> AnswersAsync(WorkspaceClient workspace)
    {
        var answers = new List<string>();
        foreach (var groups in (string[])
            [
                "", "&groupBy=product&groupBy=customer", "&groupBy=vendor&groupBy=model&groupBy=category", "&customer=c1", "&groupBy=subscription",
                "&groupBy=subscription&groupBy=customer",
            ])
            answers.Add((await workspace.GetAsync($"{route}{groups}")).GetRawText());
        return answers;
    }
}
