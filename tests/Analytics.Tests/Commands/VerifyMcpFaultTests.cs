using Analytics.Storage.Cells;
using Analytics.Storage.Mcp;
using Analytics.Storage.Rollups;
using Analytics.Tests.Features.Business.Mcp;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Commands;

/// <summary>Something changed, taken away or added in what is known of MCP servers, and in what it adds up to: none goes unnoticed.</summary>
public sealed class VerifyMcpFaultTests(AnalyticsApi api)
{
    static readonly KeptLife Life = new(LivedAsync);

    const string One = "where workspace_id = $1 and session = (select min(session) from mcp_sessions where workspace_id = $1 and ";

    public static TheoryData<string, string, string> CellFaults => [.. from rollup in McpRollups.All
        from grain in rollup.Grains.Each()
        from fault in grain == rollup.Finest ? (string[])["changed", "deleted", "added"] : ["changed"]
        select new TheoryDataRow<string, string, string>(rollup.Name, $"{grain}", fault)];

    [Fact]
    public async Task Taken_apart_and_put_back_nothing_differs()
    {
        var (workspace, stored) = await Life.RestoreAsync(api);
        foreach (var rollup in McpRollups.All)
            await stored.EditRunAsync(rollup, rollup.From[0], _ => { });
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Theory, MemberData(nameof(CellFaults))]
    public async Task A_cell_of_every_rollup(string name, string grain, string fault)
    {
        var rollup = McpRollups.All.Single(one => one.Name == name);
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        await stored.EditRunAsync(rollup, rollup.From[0], cells =>
        {
            var at = cells.FindIndex(cell => $"{cell.Key.Grain}" == grain);
            if (rollup == McpRollups.Sessions && fault == "added")
                cells[at].Cell.Totals(McpFacts.Duration).Values.Add(5);
            else
                VerifyFaultTests.Spoil(cells, at, fault);
        });
        Assert.Contains($": {name}: ", await VerifyRun.OfAsync(workspace, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sessions", "update mcp_sessions set started = null " + One + "started is not null and named is not null)")]
    [InlineData("sessions", "update mcp_sessions set started = gen_random_uuid() " + One + "started is not null)")]
    [InlineData("sessions", "update mcp_sessions set named = null " + One + "started is null and length(ends) > 0 and named is not null)")]
    [InlineData("sessions", "update mcp_sessions set named = heard " + One + "named is not null and named <> heard)")]
    [InlineData("sessions", "update mcp_sessions set ends = '' " + One + "length(ends) > 0)")]
    [InlineData("sessions", "update mcp_sessions set ends = ends || uuid_send(heard) " + One + "named = heard)")]
    [InlineData("sessions", "update mcp_sessions set heard = coalesce(named, started) " + One + "coalesce(named, started) <> heard)")]
    [InlineData("sessions", "update mcp_sessions set begin_at = begin_at - interval '1 microsecond' " + One + "true)")]
    [InlineData("sessions", "update mcp_sessions set end_at = null " + One + "end_at is not null)")]
    [InlineData("sessions", "update mcp_sessions set end_at = begin_at " + One + "end_at is null)")]
    [InlineData("sessions", "update mcp_sessions set session = session + 7000 " + One + "true)")]
    [InlineData("sessions", "delete from mcp_sessions " + One + "true)")]
    [InlineData("sessions", "insert into mcp_sessions select workspace_id, 7000, started, named, ends, heard, begin_at, end_at from mcp_sessions " + One + "true)")]
    [InlineData("texts", "update texts set text = 'x' where workspace_id = $1 and kind = 4 and number = 1")]
    [InlineData("texts", "update texts set text = 'x' where workspace_id = $1 and kind = 6 and number = 1")]
    [InlineData("mcp tools", "update texts set number = number + 7000 where workspace_id = $1 and kind = 4")]
    [InlineData("mcp agents", "update texts set hash = gen_random_uuid() where workspace_id = $1 and kind = 5")]
    [InlineData("mcp tools", "delete from rollup_deltas where workspace_id = $1 and section = 35")]
    [InlineData("mcp agents' sessions", "delete from rollup_deltas where workspace_id = $1 and section = 36")]
    [InlineData("mcp sessions", "delete from rollup_deltas where workspace_id = $1 and section = 37")]
    [InlineData("mcp tools", "update events set metadata = metadata || '{\"duration_ms\":7.77}' where workspace_id = $1 and metadata ? 'tool'")]
    [InlineData("mcp agents", "update events set metadata = metadata || '{\"revenue_cents\":7.77}' where workspace_id = $1 and metadata ? 'tool'")]
    [InlineData("sessions", "update events set metadata = metadata - 'session_id' where workspace_id = $1 and metadata ? 'session_id'")]
    public async Task A_row_of_any_table(string reported, string fault) =>
        await VerifyRun.FindsAsync(await Life.RestoreAsync(api), reported, fault);

    [Fact]
    public async Task A_rebuild_mends_what_the_rollups_say()
    {
        var (workspace, stored) = await LivedAsync(api);
        foreach (var rollup in McpRollups.All)
            await stored.EditRunAsync(rollup, rollup.From[0], cells => VerifyFaultTests.Spoil(cells, 0, "changed"));
        await VerifyRun.OfAsync(workspace, 1);
        await stored.RunAsync("update workspace_seq set barrier = null where workspace_id = $1");
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        await VerifyRun.OfAsync(workspace, 0);
    }

    /// <summary>A workspace with some sessions in a zone of its own, clean so far.</summary>
    static async Task<(WorkspaceClient Workspace, StoredRollups Stored)> LivedAsync(AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu", retentionDays: 3650);
        var stored = new StoredRollups(api.Store, await RandomLife.KeyOfAsync(workspace));
        await stored.FreezeAsync();
        foreach (var batch in new RandomMcp(9, Some.Day).Some(12).Chunk(40))
            await workspace.IngestAsync(batch.Select(told => told.Json));
        return (workspace, stored);
    }
}
