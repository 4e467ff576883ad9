using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Verification;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Analytics.Tests.Storage.Verification;

/// <summary>Every night each workspace is recounted once, whatever the nodes, and what that came to is kept. The store is the tests' own.</summary>
public sealed class NightlyVerifyTests(TimedApi timed) : IClassFixture<TimedApi>, IAsyncDisposable
{
    const int Lock = 0x76657269;
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly Heard<NightlyVerify> heard = new();
    readonly List<WorkspaceClient> made = [];

    /// <summary>Nothing is left that another test's nights would verify as well.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var workspace in made)
            await timed.Api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");
        await timed.Clock.RunAsync(Until.HoldsAsync(
            () => timed.Api.Store.ScalarAsync<bool>("select not exists (select from workspace_purges)", [], default), "Some is left."));
    }

    [Fact]
    public async Task A_workspace_is_verified_when_the_night_has_begun_and_once()
    {
        var workspace = await LivelyAsync();
        var node = NewNode();
        await node.RunAsync(default);
        Assert.Null(await CheckedAsync(workspace));
        BeforeTheNight();
        await node.RunAsync(default);
        Assert.Null(await CheckedAsync(workspace));

        timed.Clock.Advance(Minute);
        await node.RunAsync(default);

        var answer = await AnswerAsync(workspace);
        Assert.Equal(timed.Now, await CheckedAsync(workspace));
        Assert.Equal((1203L, 0L), (answer.GetProperty("raw_events").GetInt64(), answer.GetProperty("differences").GetInt64()));
        Assert.InRange(answer.GetProperty("rollup_rows").GetInt64(), 100, 1_000_000);
        foreach (var other in new[] { node, NewNode() })
        {
            timed.Clock.Advance(TimeSpan.FromHours(11));
            await other.RunAsync(default);
        }
        Assert.Equal(answer.GetRawText(), (await AnswerAsync(workspace)).GetRawText());

        timed.Clock.Advance(TimeSpan.FromHours(2));
        await node.RunAsync(default);
        Assert.Equal(timed.Now, await CheckedAsync(workspace));
    }

    [Fact]
    public async Task It_happens_by_itself()
    {
        var workspace = await NewWorkspaceAsync();
        BeforeTheNight();
        timed.Clock.Advance(Minute);

        await using var node = await Node.StartAsync(timed.Api, timed.Clock, ("Analytics:VerifyAt", "02:00"));

        await Until.HoldsAsync(async () => await CheckedAsync(workspace) is not null, "Nobody verifies.");
    }

    [Fact]
    public async Task Nodes_that_come_at_once_verify_each_workspace_once()
    {
        for (var n = 0; n < 6; n++)
            await NewWorkspaceAsync();
        await timed.Api.Store.ExecuteAsync("create table if not exists verified (workspace_id int)", [], default);
        await timed.Api.Store.ExecuteAsync("""
            create or replace function note_verified() returns trigger language plpgsql as
                'begin insert into verified values (new.workspace_id); return null; end'
            """, [], default);
        await timed.Api.Store.ExecuteAsync(
            "create or replace trigger note after insert or update on verifications for each row execute function note_verified()", [], default);
        await timed.Api.Store.ExecuteAsync("truncate verified", [], default);
        BeforeTheNight();
        timed.Clock.Advance(Minute);

        var nodes = new[] { NewNode(), NewNode(), NewNode() };
        await Task.WhenAll(nodes.Select(node => node.RunAsync(default)));
        foreach (var node in nodes)
            await node.RunAsync(default);

        var counts = await timed.Api.Store.QueryAsync(
            "select count(*) from verified group by workspace_id", [], row => row.GetInt64(0), default);
        Assert.InRange(counts.Count, 6, int.MaxValue);
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Another_node_goes_on_where_one_died()
    {
        var (done, left) = (await NewWorkspaceAsync(), await NewWorkspaceAsync());
        BeforeTheNight();
        timed.Clock.Advance(Minute);
        var node = NewNode();
        await using (var dead = await timed.Api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await dead.ExecuteAsync("begin", [], default);
            await dead.ExecuteAsync("select pg_advisory_xact_lock($1)", [(long)Lock], default);
            // As far as it came.
            await new Verified(7, 7, 0).SaveAsync(timed.Api.Store, await RandomLife.KeyOfAsync(done), timed.Now, default);
            await node.RunAsync(default);
            Assert.Null(await CheckedAsync(left));
        }

        await node.RunAsync(default);

        Assert.Equal(timed.Now, await CheckedAsync(left));
        Assert.Equal(7, (await AnswerAsync(done)).GetProperty("raw_events").GetInt64());
    }

    [Fact]
    public async Task What_differs_is_counted_kept_and_logged_as_an_error_and_the_others_go_on()
    {
        var (damaged, well) = (await LivelyAsync(), await NewWorkspaceAsync());
        await timed.Api.Store.ExecuteAsync(
            "update workspace_seq set seq = seq + 1 where workspace_id = $1", [await RandomLife.KeyOfAsync(damaged)], default);
        BeforeTheNight();
        timed.Clock.Advance(Minute);

        await NewNode().RunAsync(default);

        Assert.Equal(2, (await AnswerAsync(damaged)).GetProperty("differences").GetInt64());
        Assert.Equal((timed.Now, 0L), (await CheckedAsync(well), (await AnswerAsync(well)).GetProperty("differences").GetInt64()));
        var line = Assert.Single(heard.Lines).Line;
        Assert.StartsWith($"The rollups of workspace {damaged.Id} differ from its raw facts in 2 places: ", line, StringComparison.Ordinal);
        Assert.Contains("counters: events: rows: stored 1201, counted 1200", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_verifies_holds_no_vacuum_back_by_its_lock()
    {
        await NewWorkspaceAsync();
        BeforeTheNight();
        timed.Clock.Advance(Minute);
        await using var holder = await timed.Api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await holder.ExecuteAsync("begin", [], default);
        // It is held up in the middle of its work.
        await holder.ExecuteAsync("lock table payments in access exclusive mode", [], default);
        var verifying = NewNode().RunAsync(default);

        var guards = new List<(string State, bool HasSnapshot)>();
        await Until.HoldsAsync(
            async () => (guards = await timed.Api.Store.QueryAsync(
                """
                select state, backend_xmin is not null or backend_xid is not null
                from pg_stat_activity
                where pid in (select pid from pg_locks where locktype = 'advisory' and objid = $1::int::oid and granted)
                  and exists (select from pg_locks where relation = 'payments'::regclass and not granted)
                """, [Lock], row => (row.GetString(0), row.GetBoolean(1)), default)).Count > 0,
            "Nobody verifies.");
        await holder.ExecuteAsync("rollback", [], default);
        await verifying;

        Assert.Equal([("idle in transaction", false)], guards);
    }

    [Fact]
    public async Task A_workspace_that_was_made_in_the_night_waits_for_the_next_one()
    {
        BeforeTheNight();
        timed.Clock.Advance(TimeSpan.FromHours(1));
        var workspace = await NewWorkspaceAsync();

        await NewNode().RunAsync(default);
        Assert.Null(await CheckedAsync(workspace));

        timed.Clock.Advance(TimeSpan.FromDays(1));
        await NewNode().RunAsync(default);
        Assert.Equal(timed.Now, await CheckedAsync(workspace));
    }

    [Fact]
    public async Task Without_nights_nobody_is_verified()
    {
        var workspace = await NewWorkspaceAsync();

        for (var day = 0; day < 3; day++)
        {
            timed.Clock.Advance(TimeSpan.FromDays(1));
            await NewNode("never").RunAsync(default);
        }

        Assert.Null(await CheckedAsync(workspace));
    }

    [Fact]
    public async Task The_command_keeps_what_it_came_to_too()
    {
        var workspace = await LivelyAsync();
        Assert.Equal(
            """{"checked_at":null,"raw_events":0,"rollup_rows":0,"differences":0}""", (await AnswerAsync(workspace)).GetRawText());

        await VerifyRun.OfAsync(workspace, 0);

        var answer = await AnswerAsync(workspace);
        Assert.Equal((1203L, 0L), (answer.GetProperty("raw_events").GetInt64(), answer.GetProperty("differences").GetInt64()));
        Assert.InRange(answer.GetProperty("checked_at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("02:00", "2026-03-11T02:00:00Z", "2026-03-11T02:00:00Z")]
    [InlineData("02:00", "2026-03-11T01:59:59Z", "2026-03-10T02:00:00Z")]
    [InlineData("23:59", "2026-03-11T23:58:00Z", "2026-03-10T23:59:00Z")]
    [InlineData("", "2026-03-11T12:00:00Z", "2026-03-11T02:00:00Z")]
    [InlineData("never", "2026-03-11T12:00:00Z", null)]
    public void A_night_begins_at_its_time(string at, string now, string? night) => Assert.Equal(
        night is null ? null : DateTimeOffset.Parse(night), new VerifyOptions { VerifyAt = at }.LastNight(DateTimeOffset.Parse(now)));

    async Task<WorkspaceClient> NewWorkspaceAsync(string timezone = "UTC")
    {
        made.Add(await timed.Api.NewWorkspaceAsync(timezone));
        return made[^1];
    }

    /// <summary>1 200 events and 3 requests.</summary>
    async Task<WorkspaceClient> LivelyAsync()
    {
        var workspace = await NewWorkspaceAsync("Asia/Kathmandu");
        for (var n = 0; n < 12; n++)
            await workspace.IngestAsync(Some.Events(100, at: timed.Now.AddDays(-n).AddHours(-1)));
        var requests = Enumerable.Range(0, 3).Select(n => new { method = "GET", path = "/", statusCode = 200, latencyMs = n });
        await workspace.PostAsync("/api/requests/ingest", new { requests });
        return workspace;
    }

    NightlyVerify NewNode(string at = "02:00") => new(
        timed.Api.Store, Options.Create(new VerifyOptions { VerifyAt = at }), timed.Api.Services.GetRequiredService<StoreReadiness>(),
        timed.Clock, heard);

    void BeforeTheNight() =>
        timed.Clock.Advance(new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(2) - Minute - timed.Now);

    static Task<JsonElement> AnswerAsync(WorkspaceClient workspace) => workspace.GetAsync("/api/verification");

    static async Task<DateTimeOffset?> CheckedAsync(WorkspaceClient workspace) =>
        (await AnswerAsync(workspace)).GetProperty("checked_at") is { ValueKind: JsonValueKind.String } at ? at.GetDateTimeOffset() : null;
}
