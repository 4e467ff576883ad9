using Analytics.Storage.Business;
using Analytics.Storage.Rollups;
using Analytics.Tests.Features.Business.Costs;

namespace Analytics.Tests.Commands;

/// <summary>Something changed, taken away or added in what is known of costs and subscriptions, and in what they add up to.</summary>
public sealed class VerifyCostFaultTests(AnalyticsApi api)
{
    static readonly KeptLife Life = new(LivedAsync);

    [Theory]
    [InlineData("events", "update events set cost_key = null where workspace_id = $1 and cost_key is not null")]
    [InlineData("events", "update events set cost_key = 0 where workspace_id = $1 and cost_key is null")]
    [InlineData("events", "update events set cost_key = cost_key + 1 where workspace_id = $1")]
    [InlineData("events", "update events set subscription = null where workspace_id = $1 and subscription is not null")]
    [InlineData("events", "update events set subscription = gen_random_uuid() where workspace_id = $1 and subscription is null")]
    [InlineData("events", "update texts set text = '[\"x\",null,null,null,null]' where workspace_id = $1 and kind = 3")]
    [InlineData("events", "delete from texts where workspace_id = $1 and kind = 3")]
    [InlineData("events", "update events set metadata = metadata - 'cost_category' where workspace_id = $1 and metadata ? 'cost_category'")]
    [InlineData("people's costs", "update events set metadata = jsonb_set(metadata, '{_cost,amount}', '7') where workspace_id = $1 and metadata ? '_cost'")]
    [InlineData("people's costs", "update payments set amount = amount + 1 where workspace_id = $1 and paid_id is not null")]
    [InlineData("people's costs", "update shares set person = person % 2 + 1 where workspace_id = $1")]
    [InlineData("subscriptions", "delete from subscriptions where workspace_id = $1")]
    [InlineData("subscriptions", "update subscriptions set person = person + 1 where workspace_id = $1")]
    [InlineData("subscriptions", "update subscriptions set at = at + interval '1 second' where workspace_id = $1")]
    [InlineData("subscriptions", "update subscriptions set id = gen_random_uuid() where workspace_id = $1")]
    [InlineData("subscriptions", "update subscriptions set key = gen_random_uuid() where workspace_id = $1")]
    [InlineData("subscriptions", "insert into subscriptions select $1, gen_random_uuid(), at, id, person from subscriptions where workspace_id = $1 limit 1")]
    [InlineData("payments", "update payments set cost_key = cost_key + 1 where workspace_id = $1 and paid_id is not null")]
    [InlineData("refunds", "update refunds set cost_key = null where workspace_id = $1 and cost_key is not null")]
    [InlineData("refunds", "update refunds set subscription = gen_random_uuid() where workspace_id = $1")]
    [InlineData("people's costs", "delete from rollup_deltas where workspace_id = $1 and section = 25")]
    [InlineData("people's subscriptions", "delete from rollup_deltas where workspace_id = $1 and section = 26")]
    [InlineData("people's costs", "delete from rollup_runs where workspace_id = $1 and rollup = 40", true)]
    [InlineData("cost keys", "delete from rollup_runs where workspace_id = $1 and rollup = 41", true)]
    [InlineData("costs by person", "delete from rollup_runs where workspace_id = $1 and rollup = 42", true)]
    [InlineData("cost keys by person", "delete from rollup_pages where workspace_id = $1 and rollup = 43 and page = 0", true)]
    [InlineData("people's subscriptions", "delete from rollup_runs where workspace_id = $1 and rollup = 44", true)]
    [InlineData("subscriptions' cost keys", "delete from rollup_runs where workspace_id = $1 and rollup = 45", true)]
    [InlineData("subscriptions' cost keys by person", "delete from rollup_pages where workspace_id = $1 and rollup = 46 and page = 0", true)]
    public async Task A_row_of_any_table(string reported, string fault, bool isFlushed = false) =>
        await VerifyRun.FindsAsync(await Life.RestoreAsync(api, isFlushed), reported, fault);

    [Theory]
    [InlineData(CostFacts.Costs, "costs")]
    [InlineData(CostFacts.Payments, "payments")]
    [InlineData(CostFacts.Cost, "cost")]
    [InlineData(CostFacts.Revenue, "revenue")]
    public async Task Every_sum_of_a_cell(int sum, string name)
    {
        foreach (var rollup in CostRollups.All)
        {
            var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
            await stored.EditRunAsync(rollup, rollup.From[0], cells => cells[cells.Count / 2].Cell[sum]++);
            var found = await VerifyRun.OfAsync(workspace, 1);
            Assert.Contains($": {rollup.Name}: ", found, StringComparison.Ordinal);
            Assert.Contains($": {name}: stored ", found, StringComparison.Ordinal);
        }
    }

    /// <summary>A workspace with costs and payments of a few days, clean so far.</summary>
    static async Task<(WorkspaceClient Workspace, StoredRollups Stored)> LivedAsync(AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var stored = new StoredRollups(api.Store, await RandomLife.KeyOfAsync(workspace));
        await stored.FreezeAsync();
        var random = new RandomCosts(7);
        foreach (var batch in random.Shuffled(random.Events(80, Some.Day, TimeSpan.FromDays(2))).Chunk(40))
            await workspace.IngestAsync(batch.Select(e => e.ToJson(null)));
        return (workspace, stored);
    }
}
