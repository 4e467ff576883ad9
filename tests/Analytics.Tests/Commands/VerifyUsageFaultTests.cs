using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Tests.Features.Business.Usage;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Commands;

/// <summary>Something changed or taken away in what is known of billable units and products, and in what they add up to.</summary>
public sealed class VerifyUsageFaultTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    static readonly KeptLife Life = new(LivedAsync);

    [Theory]
    [InlineData("usage", "update events set metadata = metadata - 'n' where workspace_id = $1")]
    [InlineData("usage", "update billable_units set aggregation = 'UNIQUE' where workspace_id = $1 and aggregation = 'SUM'")]
    [InlineData("usage", "update billable_units set event_name = 'file.sent' where workspace_id = $1 and event_name = 'call.made'")]
    [InlineData("usage", "update billable_units set filters = '[{\"field\":\"n\",\"operator\":\"EQUALS\",\"value\":7}]' where workspace_id = $1")]
    [InlineData("usage", "delete from texts where workspace_id = $1 and kind = 8")]
    [InlineData("usage", "delete from texts where workspace_id = $1 and kind = 2")]
    [InlineData("usage's people", "delete from rollup_deltas where workspace_id = $1 and section = 20")]
    [InlineData("usage", "delete from rollup_deltas where workspace_id = $1 and section = 21")]
    [InlineData("products' events", "delete from rollup_deltas where workspace_id = $1 and section = 23")]
    [InlineData("products' requests", "delete from rollup_deltas where workspace_id = $1 and section = 24")]
    [InlineData("products' events", "update events set metadata = metadata - 'product_id' where workspace_id = $1")]
    [InlineData("products' requests", "update requests set product = product + 1 where workspace_id = $1 and product > 0")]
    [InlineData("usage", "delete from rollup_runs where workspace_id = $1 and rollup = 30", true)]
    [InlineData("usage's people", "delete from rollup_runs where workspace_id = $1 and rollup = 31", true)]
    [InlineData("people's usage", "delete from rollup_runs where workspace_id = $1 and rollup = 32", true)]
    [InlineData("products' events", "delete from rollup_pages where workspace_id = $1 and rollup = 33 and page = 0", true)]
    [InlineData("products' requests", "delete from rollup_runs where workspace_id = $1 and rollup = 34", true)]
    public async Task A_row_of_any_table(string reported, string fault, bool isFlushed = false) =>
        await VerifyRun.FindsAsync(await Life.RestoreAsync(api, isFlushed), reported, fault);

    [Theory]
    [InlineData("update invoices set key = gen_random_uuid() where workspace_id = $1")]
    [InlineData("update invoices set created_at = created_at + interval '1 microsecond' where workspace_id = $1")]
    [InlineData("update invoices set id = gen_random_uuid() where workspace_id = $1")]
    [InlineData("update invoices set person = person + 1 where workspace_id = $1")]
    [InlineData("update invoices set amount = amount + 1 where workspace_id = $1")]
    [InlineData("delete from invoices where workspace_id = $1 and key = (select max(key::text)::uuid from invoices where workspace_id = $1)")]
    [InlineData("insert into invoices select $1, gen_random_uuid(), now(), gen_random_uuid(), 1, 5")]
    [InlineData("insert into invoices select $1, gen_random_uuid(), e.timestamp, e.id, e.person, 5 from events e where workspace_id = $1 and metadata ? 'payment_id' limit 1")]
    [InlineData("update events set metadata = metadata || '{\"amount_cents\":7777777}' where workspace_id = $1 and metadata ? 'invoice_id'")]
    public async Task An_invoice_which_a_rebuild_mends(string fault)
    {
        var (workspace, stored) = await LivedAsync(api);
        await VerifyRun.OfAsync(workspace, 0);
        await VerifyRun.FindsAsync((workspace, stored), "invoices", fault);
        await stored.RunAsync("update workspace_seq set barrier = null where workspace_id = $1");
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        await VerifyRun.OfAsync(workspace, 0);
    }

    // Each for itself: verify shows the first hundred differences of a rollup.
    [Theory]
    [InlineData("matches")]
    [InlineData("numbers")]
    [InlineData("sum")]
    [InlineData("maximum")]
    [InlineData("set")]
    public async Task Every_measure_of_a_cell(string measure)
    {
        foreach (var rollup in (Rollup[])[UsageRollups.Usage, UsageRollups.UsagePeople, UsageRollups.PeopleUsage])
        {
            var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
            await stored.EditRunAsync(rollup, rollup == UsageRollups.Usage ? UsageFacts.Everybody : UsageFacts.People, cells =>
            {
                foreach (var (_, cell) in cells)
                    Spoil(cell, measure);
            });
            Assert.Contains($": {measure}: stored ", await VerifyRun.OfAsync(workspace, 1), StringComparison.Ordinal);
        }
    }

    static void Spoil(Cell cell, string measure)
    {
        switch (measure)
        {
            case "matches":
                cell[UsageFacts.Matches]++;
                break;
            case "numbers":
                cell[UsageFacts.Numbers]++;
                break;
            case "sum":
                cell[UsageFacts.Sum]++;
                break;
            case "maximum":
                cell.Reached(Int128.MaxValue);
                break;
            default:
                cell.AddToSet(1_000_000);
                break;
        }
    }

    /// <summary>A workspace with units of every aggregation, events and requests, clean so far.</summary>
    static async Task<(WorkspaceClient Workspace, StoredRollups Stored)> LivedAsync(AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var stored = new StoredRollups(api.Store, await RandomLife.KeyOfAsync(workspace));
        var life = new UsageLife(workspace, 5, Now);
        foreach (var aggregation in (string[])["COUNT", "SUM", "UNIQUE", "MAX", "AVG", "PERCENTILE_95"])
            await life.MakeAsync(new(aggregation, aggregation, "call.made", aggregation == "COUNT" ? null : "n", null, []));
        await stored.FreezeAsync();
        await life.TellAsync(80);
        await life.TellRequestsAsync(40);
        await life.TellMoneyAsync(12);
        return (workspace, stored);
    }
}
