using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Verification;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Storage;

/// <summary>A daily run lets go of every workspace's old events, so the service is one that nobody else uses at the same time.</summary>
public sealed class RetentionTests(TimedApi timed) : IClassFixture<TimedApi>
{
    readonly AnalyticsApi api = timed.Api;

    DateTimeOffset Now => timed.Now;

    [Fact]
    public async Task Raw_events_past_their_retention_go_and_what_was_counted_stays()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        var upkeep = await Upkeep.OfAsync(workspace);
        var today = Now.UtcDateTime.Date;
        await workspace.IngestAsync(Visit(today.AddDays(-700)), Visit(today.AddDays(-45)), Visit(today));
        await upkeep.CompactAsync();

        await api.Services.GetRequiredService<Retention>().RunAsync(Now, TestContext.Current.CancellationToken);

        var left = await workspace.GetAsync("/api/events");
        Assert.Equal(new DateTimeOffset(today), Assert.Single(left.GetProperty("data").EnumerateArray().ToList()).GetProperty("timestamp").GetDateTimeOffset());
        await CountsThreeAsync(workspace, today);
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));

        await upkeep.RebuildAsync();

        await CountsThreeAsync(workspace, today);
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));
    }

    [Fact]
    public async Task A_workspace_that_is_held_keeps_its_events_and_nobody_elses()
    {
        var (held, other) = (await api.NewWorkspaceAsync(retentionDays: 30), await api.NewWorkspaceAsync(retentionDays: 30));
        var today = Now.UtcDateTime.Date;
        foreach (var workspace in (WorkspaceClient[])[held, other])
            await workspace.IngestAsync(Visit(today.AddDays(-45)), Visit(today));

        await using (await HeldWorkspace.OfAsync(held))
            await api.Services.GetRequiredService<Retention>().RunAsync(Now, TestContext.Current.CancellationToken);

        Assert.Equal(1, (await other.GetAsync("/api/events")).GetProperty("data").GetArrayLength());
        Assert.Equal(2, (await held.GetAsync("/api/events")).GetProperty("data").GetArrayLength());
        await api.Services.GetRequiredService<Retention>().RunAsync(Now, TestContext.Current.CancellationToken);
        Assert.Equal(1, (await held.GetAsync("/api/events")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task The_daily_run_comes_by_itself()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        var today = Now.UtcDateTime.Date;
        await workspace.IngestAsync(Visit(today.AddDays(-30)), Visit(today));

        timed.Clock.Advance(TimeSpan.FromDays(1));

        await Until.HoldsAsync(
            async () => (await workspace.GetAsync("/api/events")).GetProperty("data").GetArrayLength() == 1, "Old events are still there.");
    }

    [Fact]
    public async Task A_run_that_fails_ends_nothing_and_is_tried_again_a_minute_later()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        var upkeep = await Upkeep.OfAsync(workspace);
        await workspace.IngestAsync(Visit(Now.UtcDateTime.Date.AddDays(-31)), Visit(Now.UtcDateTime.Date));
        // So many days ago there was no calendar: the run fails by itself, not for the store.
        var rollups = new StoredRollups(api.Store, upkeep.Workspace);
        await rollups.RunAsync($"update workspaces set retention_days = {int.MaxValue} where workspace_id = $1");
        var log = new Heard<Retention>();
        using var retention = new Retention(
            api.Store, api.Services.GetRequiredService<FactTables>(), api.Services.GetRequiredService<Partitions>(),
            api.Services.GetRequiredService<StoreReadiness>(), timed.Clock, log);
        await retention.StartAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => retention.ExecuteTask!.IsCompleted || log.Lines.Any(line => line.Why is not null), "Nothing fails.");

        await rollups.RunAsync("update workspaces set retention_days = 30 where workspace_id = $1");
        Assert.False(retention.ExecuteTask!.IsCompleted);
        timed.Clock.Advance(TimeSpan.FromMinutes(1));

        await Until.HoldsAsync(
            async () => (await workspace.GetAsync("/api/events")).GetProperty("data").GetArrayLength() == 1, "Old events are still there.");
        await retention.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Traces_that_lost_events_stay_what_they_were()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        var upkeep = await Upkeep.OfAsync(workspace);
        await SendTracesAsync(workspace);
        await upkeep.CompactAsync();
        var before = await TotalsAsync(workspace);
        await VerifyRun.OfAsync(workspace, 0);

        await api.Services.GetRequiredService<Retention>().RunAsync(Now, TestContext.Current.CancellationToken);

        await VerifyRun.OfAsync(workspace, 0);
        await upkeep.RebuildAsync();
        Assert.Equal(before, await TotalsAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Late_children_of_events_that_are_gone_wait_for_nobody()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        var upkeep = await Upkeep.OfAsync(workspace);
        await SendTracesAsync(workspace);
        var awaited = await PendingAsync(api, upkeep.Workspace);
        await api.Services.GetRequiredService<Retention>().RunAsync(Now, TestContext.Current.CancellationToken);

        foreach (var parent in (string[])["lone", "lone", "gone child", "child of kept", "gone root", "half gone root", "waited", "named by id"])
            await workspace.IngestAsync(Step($"late child {Guid.NewGuid()} of {parent}", parent, isOld: false));
        Assert.Equal(awaited, await PendingAsync(api, upkeep.Workspace));
        await VerifyRun.OfAsync(workspace, 0);
        await workspace.IngestAsync(Step("nobody", null, isOld: false), Step("somebody", "lone", isOld: false));
        Assert.Equal(awaited - 2, await PendingAsync(api, upkeep.Workspace));
        await VerifyRun.OfAsync(workspace, 0);

        var before = await TotalsAsync(workspace);
        await upkeep.RebuildAsync();
        Assert.Equal(before, await TotalsAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
        await workspace.IngestAsync(Step("last", "kept root", isOld: false));
        await VerifyRun.OfAsync(workspace, 0);
    }

    static JsonObject Visit(DateTime at) => new()
    {
        ["name"] = "visit",
        ["external_customer_id"] = "ann",
        ["timestamp"] = JsonSerializer.SerializeToNode(new DateTimeOffset(at, TimeSpan.Zero)),
        ["metadata"] = new JsonObject { ["_cost"] = new JsonObject { ["amount"] = "0.25", ["currency"] = "usd" } },
    };

    /// <summary>Roots and children on both sides of the horizon, and some that wait for parents.</summary>
    async Task SendTracesAsync(WorkspaceClient workspace)
    {
        await workspace.IngestAsync(
            Step("lone", null, isOld: true),
            Step("gone root", null, isOld: true), Step("gone child", "gone root", isOld: true),
            Step("half gone root", null, isOld: true), Step("kept child", "half gone root", isOld: false),
            Step("kept root", null, isOld: false), Step("child of kept", "kept root", isOld: true),
            Step("grandchild of kept", "child of kept", isOld: false),
            Step("root of one", null, isOld: false), Step("only child", "root of one", isOld: true),
            Step("whole root", null, isOld: false), Step("whole child", "whole root", isOld: false));
        await workspace.IngestAsync(
            Step("waits in vain", "nobody", isOld: true),
            Step("waits", "somebody", isOld: true), Step("waits too", "somebody", isOld: false),
            Step("waited below", "waited", isOld: false), Step("waited", "late root", isOld: true));
        await workspace.IngestAsync(Step("late root", null, isOld: false), Step("named by id", null, isOld: true));
        var listed = (await workspace.GetAsync("/api/events?limit=100")).GetProperty("data").EnumerateArray();
        var named = listed.Single(e => e.GetProperty("external_id").GetString() == "named by id").GetProperty("id").GetString();
        await workspace.IngestAsync(Step("names an id", named, isOld: false));
    }

    JsonObject Step(string name, string? parent, bool isOld) =>
        Some.Event(externalId: name, parent: parent, cost: name.Length, at: new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(isOld ? -45 : 0));

    async Task<string> TotalsAsync(WorkspaceClient workspace) => (await workspace.GetAsync(
        $"/api/events/statistics/timeseries?interval=day&start_date={Now.UtcDateTime.AddDays(-50):yyyy-MM-dd}&end_date={Now.UtcDateTime:yyyy-MM-dd}")).GetRawText();

    static async Task<int> PendingAsync(AnalyticsApi api, int workspace)
    {
        await using var command = api.Store.CreateCommand("select count(*)::int from pending_parents where workspace_id = $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        return (int)(await command.ExecuteScalarAsync())!;
    }

    static async Task CountsThreeAsync(WorkspaceClient workspace, DateTime today)
    {
        var answer = await workspace.GetAsync(
            $"/api/events/statistics/timeseries?interval=year&start_date={today.AddDays(-700):yyyy-MM-dd}&end_date={today:yyyy-MM-dd}");
        var total = Assert.Single(answer.GetProperty("totals").EnumerateArray().ToList());
        Assert.Equal(3, total.GetProperty("occurrences").GetInt64());
        Assert.Equal("0.75", total.GetProperty("totals").GetProperty("_cost_amount").GetString());
        var type = Assert.Single((await workspace.GetAsync("/api/event-types")).GetProperty("data").EnumerateArray().ToList());
        Assert.Equal(new DateTimeOffset(today.AddDays(-700), TimeSpan.Zero), type.GetProperty("first_seen").GetDateTimeOffset());
    }
}
