using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Sales;

namespace Analytics.Tests.Commands;

/// <summary>Something changed, taken away or added in what is known of shares and payments, and in what they add up to.</summary>
public sealed class VerifySalesFaultTests(AnalyticsApi api)
{
    static readonly KeptLife Life = new(LivedAsync);

    public static TheoryData<string, string> ActivityFaults =>
        new MatrixTheoryData<string, string>(SalesRollups.Activity.Grains.Each().Select(grain => $"{grain}"), ["changed", "deleted", "added", "people"]);

    public static TheoryData<string> Sums => [.. Enum.GetNames<SalesSum>()];

    static readonly Section[] Sections = [EventFacts.Section, SalesFacts.Section];

    [Fact]
    public async Task Taken_apart_and_put_back_nothing_differs()
    {
        var (workspace, stored) = await Life.RestoreAsync(api);
        await stored.EditDeltaAsync(SalesFacts.Section, _ => { });
        await VerifyRun.OfAsync(workspace, 0);
        foreach (var section in Sections)
            foreach (var rollup in Catalogue.Default.Of(section))
                await stored.EditRunAsync(rollup, section, _ => { });
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Theory, MemberData(nameof(ActivityFaults))]
    public async Task A_cell_of_every_grain(string grain, string fault)
    {
        foreach (var section in Sections)
        {
            var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
            await stored.EditRunAsync(SalesRollups.Activity, section, cells =>
            {
                var at = cells.FindIndex(cell => $"{cell.Key.Grain}" == grain);
                if (fault == "people")
                    cells[at].Cell.AddToSet(7_000);
                else
                    VerifyFaultTests.Spoil(cells, at, fault);
            });
            Assert.Contains(": activity: ", await VerifyRun.OfAsync(workspace, 1), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("deleted")]
    [InlineData("added")]
    public async Task A_cell_of_a_person(string fault)
    {
        foreach (var section in Sections)
        {
            var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
            await stored.EditRunAsync(
                SalesRollups.PeopleActivity, section, cells => VerifyFaultTests.Spoil(cells, cells.Count / 2, fault));
            Assert.Contains("people's activity: person ", await VerifyRun.OfAsync(workspace, 1), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, "changed")]
    [InlineData(false, "deleted")]
    [InlineData(false, "added")]
    [InlineData(true, "changed")]
    [InlineData(true, "deleted")]
    [InlineData(true, "added")]
    public async Task A_cell_of_a_share_or_of_what_is_moved(bool isMoved, string fault)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        await stored.EditRunAsync(SalesRollups.ShareActivity, SalesFacts.Section, cells =>
            VerifyFaultTests.Spoil(cells, cells.FindIndex(cell => cell.Key.Lead == 0 == isMoved), fault));
        Assert.Contains($"shares' activity: share {(isMoved ? "0," : "")}", await VerifyRun.OfAsync(workspace, 1), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Sums))]
    public async Task Every_sum_of_a_cell(string sum)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        var number = SalesFacts.NumberOf(Enum.Parse<SalesSum>(sum));
        await stored.EditRunAsync(SalesRollups.Activity, SalesFacts.Section, cells => cells[cells.Count / 3].Cell[number]++);
        Assert.Contains(
            $", sales: {SalesFacts.Section.Sums[number]}: stored ", await VerifyRun.OfAsync(workspace, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("deleted")]
    [InlineData("added")]
    public async Task An_amount_that_waits_to_be_flushed(string fault)
    {
        var (workspace, stored) = await Life.RestoreAsync(api);
        await stored.EditDeltaAsync(SalesFacts.Section, facts => VerifyFaultTests.Spoil(facts, facts.Count / 2, fault));
        var found = await VerifyRun.OfAsync(workspace, 1);
        Assert.Contains(": activity: quarter hour ", found, StringComparison.Ordinal);
        Assert.Contains("people's activity: person ", found, StringComparison.Ordinal);
        Assert.Contains("shares' activity: share ", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shares", "update shares set key = gen_random_uuid() where workspace_id = $1 and share = 1")]
    [InlineData("shares", "update shares set created_at = null, created_id = null where workspace_id = $1 and created_id is not null")]
    [InlineData("shares", "update shares set created_at = created_at - interval '1 minute' where workspace_id = $1")]
    [InlineData("shares", "update shares set created_id = gen_random_uuid() where workspace_id = $1 and created_id is not null")]
    [InlineData("shares", "update shares set person = person + 1 where workspace_id = $1 and created_id is not null")]
    [InlineData("shares", "update shares set person = 1 where workspace_id = $1 and created_id is null")]
    [InlineData("shares", "update shares set price = price + 1 where workspace_id = $1")]
    [InlineData("shares", "update shares set size = size + 1 where workspace_id = $1")]
    [InlineData("shares", "update shares set expires_at = expires_at + interval '1 microsecond' where workspace_id = $1")]
    [InlineData("shares", "update shares set completed_at = null, completed_id = null where workspace_id = $1 and completed_id is not null")]
    [InlineData("shares", "update shares set expired_at = null, expired_id = null where workspace_id = $1 and expired_id is not null")]
    [InlineData("shares", "update shares set completed_at = expired_at, completed_id = expired_id where workspace_id = $1 and expired_at < completed_at")]
    [InlineData("shares", "update shares set payments = payments + 1 where workspace_id = $1")]
    [InlineData("shares", "update shares set expiry_at = null where workspace_id = $1 and expiry_at is not null")]
    [InlineData("shares", "update shares set expiry_at = now() where workspace_id = $1 and expiry_at is null")]
    [InlineData("shares", "delete from shares where workspace_id = $1 and share = 3")]
    [InlineData("shares", "delete from shares where workspace_id = $1 and share = (select max(share) from shares where workspace_id = $1)")]
    [InlineData("counters", "insert into shares (workspace_id, share, key) select $1, max(share) + 1, gen_random_uuid() from shares where workspace_id = $1")]
    [InlineData("shares", "with more as (update workspace_seq set shares = shares + 1 where workspace_id = $1 returning shares) insert into shares (workspace_id, share, key) select $1, shares, gen_random_uuid() from more")]
    [InlineData("counters", "update workspace_seq set shares = shares + 1 where workspace_id = $1")]
    [InlineData("payments", "update payments set key = gen_random_uuid() where workspace_id = $1")]
    [InlineData("payments", "update payments set paid_at = null, paid_id = null where workspace_id = $1 and paid_id is not null")]
    [InlineData("payments", "update payments set paid_at = paid_at + interval '1 second' where workspace_id = $1")]
    [InlineData("payments", "update payments set paid_id = gen_random_uuid() where workspace_id = $1 and paid_id is not null")]
    [InlineData("payments", "update payments set share = 0 where workspace_id = $1 and share > 0")]
    [InlineData("payments", "update payments set person = person + 1 where workspace_id = $1")]
    [InlineData("payments", "update payments set amount = amount + 1 where workspace_id = $1")]
    [InlineData("payments", "update payments set fee = fee + 1 where workspace_id = $1")]
    [InlineData("payments", "delete from payments where workspace_id = $1 and paid_id is null")]
    [InlineData("payments", "delete from payments where workspace_id = $1 and paid_id is not null")]
    [InlineData("payments", "insert into payments (workspace_id, key) select $1, gen_random_uuid()")]
    [InlineData("payments", "insert into payments select workspace_id, gen_random_uuid(), paid_at, paid_id, 0, person, amount, fee from payments where workspace_id = $1 and paid_id is not null limit 1")]
    [InlineData("refunds", "update refunds set payment = gen_random_uuid() where workspace_id = $1")]
    [InlineData("refunds", "update refunds set id = gen_random_uuid() where workspace_id = $1")]
    [InlineData("refunds", "update refunds set share = share + 1 where workspace_id = $1")]
    [InlineData("refunds", "update refunds set person = person + 1 where workspace_id = $1")]
    [InlineData("refunds", "update refunds set amount = amount + 1 where workspace_id = $1")]
    [InlineData("refunds", "update refunds set fee = null where workspace_id = $1 and fee is not null")]
    [InlineData("refunds", "update refunds set cost = cost + 0.000000000001 where workspace_id = $1")]
    [InlineData("refunds", "delete from refunds where workspace_id = $1")]
    [InlineData("refunds", "insert into refunds select workspace_id, (select min(key::text)::uuid from payments where workspace_id = $1), gen_random_uuid(), 0, 0, 1, 0, 0 from refunds where workspace_id = $1 limit 1")]
    [InlineData("refunds", "insert into refunds select $1, key, (select id from refunds r where workspace_id = $1 and payment <> key limit 1), 0, 0, 1, 0, 0 from payments where workspace_id = $1 limit 1")]
    [InlineData("events", "update events set share = null where workspace_id = $1 and share = 1")]
    [InlineData("events", "update events set share = 2 where workspace_id = $1 and share = 1")]
    [InlineData("events", "update events set share = 1 where workspace_id = $1 and share is null")]
    [InlineData("events", "update events set metadata = jsonb_set(metadata, '{share_id}', '\"share-0\"') where workspace_id = $1 and metadata->>'share_id' <> 'share-0'")]
    [InlineData("shares", "delete from events using shares where events.workspace_id = $1 and shares.workspace_id = $1 and id = created_id")]
    [InlineData("shares", "update events set metadata = metadata - 'expires_at' where workspace_id = $1 and metadata ? 'expires_at'")]
    [InlineData("payments", "delete from events using payments where events.workspace_id = $1 and payments.workspace_id = $1 and id = paid_id")]
    [InlineData("refunds", "delete from events using refunds where events.workspace_id = $1 and refunds.workspace_id = $1 and events.id = refunds.id")]
    [InlineData("activity", "update event_types set name = 'customer.updated' where workspace_id = $1 and name = 'task.done'")]
    [InlineData("activity", "delete from rollup_deltas where workspace_id = $1 and section = 2")]
    [InlineData("runs", "update rollup_deltas set data = data || '\\x01'::bytea where workspace_id = $1 and section = 2")]
    [InlineData("activity", "update rollup_deltas set section = 1, commit = commit + 1000 where workspace_id = $1 and section = 2")]
    [InlineData("activity", "update rollup_runs set section = 1 where workspace_id = $1 and rollup = 3 and section = 2", true)]
    [InlineData("activity", "update rollup_runs set section = 2 where workspace_id = $1 and rollup = 3 and section = 1", true)]
    [InlineData("people's activity", "update rollup_runs set section = 1 where workspace_id = $1 and rollup = 4 and section = 2", true)]
    [InlineData("shares' activity", "update rollup_runs set section = 1 where workspace_id = $1 and rollup = 5", true)]
    [InlineData("activity", "update rollup_runs set grains = 2 where workspace_id = $1 and rollup = 3", true)]
    [InlineData("activity", "delete from activity_doubts where workspace_id = $1")]
    [InlineData("activity", "update activity_doubts set quarter = quarter + 1 where workspace_id = $1")]
    [InlineData("activity", "insert into activity_doubts select workspace_id, 7000, quarter, commit from activity_doubts where workspace_id = $1 limit 1")]
    [InlineData("activity", "delete from rollup_runs where workspace_id = $1 and rollup = 3", true)]
    [InlineData("people's activity", "delete from rollup_runs where workspace_id = $1 and rollup = 4", true)]
    [InlineData("shares' activity", "delete from rollup_runs where workspace_id = $1 and rollup = 5", true)]
    [InlineData("activity", "delete from rollup_pages where workspace_id = $1 and rollup = 3 and page = 0", true)]
    [InlineData("people's activity", "delete from rollup_pages where workspace_id = $1 and rollup = 4 and page = 0", true)]
    [InlineData("shares' activity", "delete from rollup_pages where workspace_id = $1 and rollup = 5 and page = 0", true)]
    public async Task A_row_of_any_table(string reported, string fault, bool isFlushed = false) =>
        await VerifyRun.FindsAsync(await Life.RestoreAsync(api, isFlushed), reported, fault);

    /// <summary>A workspace with a few busy shares in a zone of its own, clean so far.</summary>
    static async Task<(WorkspaceClient Workspace, StoredRollups Stored)> LivedAsync(AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var stored = new StoredRollups(api.Store, await RandomLife.KeyOfAsync(workspace));
        await stored.FreezeAsync();
        var life = new SalesLife(workspace, 5, things: 9);
        await life.LiveAsync(120, batches: 2);
        await life.LiveOddlyAsync();
        return (workspace, stored);
    }
}
