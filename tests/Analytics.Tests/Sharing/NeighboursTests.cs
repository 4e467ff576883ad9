using System.Globalization;
using Analytics.Storage.Rollups.Runs;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Http;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Sharing;

/// <summary>What one workspace does or suffers is nothing to another one.</summary>
public sealed class NeighboursTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_workspace_whose_lock_is_taken_keeps_no_other_waiting()
    {
        await using var node = await Node.StartAsync(api);
        var (stuck, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await using var held = await HeldWorkspace.OfAsync(stuck);

        var waiting = Enumerable.Range(0, 5).Select(_ => node.Of(stuck).PostAsync("/api/events/ingest", Batch())).ToList();
        // Some of them would be in a group with those that wait.
        for (var n = 0; n < 30; n++)
            await node.Of(other).PostAsync("/api/events/ingest", Batch());
        Assert.All(waiting, request => Assert.False(request.IsCompleted));
        await held.LetGoAsync();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(1, answer.GetProperty("inserted").GetInt32()));
        Assert.Equal(30, (await other.GetAsync("/api/event-types")).GetProperty("data")[0].GetProperty("occurrences").GetInt32());
    }

    [Fact]
    public async Task A_workspace_that_is_not_flushed_keeps_no_other_waiting()
    {
        await using var node = await Node.StartAsync(api);
        var (stuck, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var key = (await Upkeep.OfAsync(stuck)).Workspace;
        var rollups = new StoredRollups(api.Store, key);
        await rollups.FreezeAsync();
        await rollups.RunAsync($"""
            insert into rollup_deltas (workspace_id, section, commit, facts, data)
            select $1, 1, number, 1, convert_to(repeat('x', 1024 * 1024), 'UTF8')
            from generate_series(1, {(Compactor.MaxWaitingBytes >> 20) + 2}) as number
            """);
        var compactor = node.Services.GetRequiredService<Compactor>();
        compactor.Added(key, 1024 * 1024);
        await Until.HoldsAsync(() => compactor.IsBehind(key), "The node does not see what waits.");

        var waiting = node.Of(stuck).PostAsync("/api/events/ingest", Batch());
        for (var n = 0; n < 10; n++)
            await node.Of(other).PostAsync("/api/events/ingest", Batch());
        Assert.False(waiting.IsCompleted);
        await rollups.RunAsync("delete from rollup_deltas where workspace_id = $1");
        await rollups.RunAsync("update workspace_seq set barrier = null where workspace_id = $1");
        await waiting;
    }

    [Fact]
    public async Task Uploads_that_stand_still_keep_nobody_from_posting()
    {
        await using var node = await Node.StartAsync(api);
        var (idle, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var portal = await idle.BoundToAsync(await idle.NewCustomerAsync());
        const int announced = 10 << 20;
        var part = new string(' ', 9 << 20);
        var uploads = new List<RawConnection>();
        for (var n = 0; n < 12; n++)
        {
            var upload = await RawConnection.OpenAsync(node.Address);
            uploads.Add(upload);
            _ = upload.SendAsync(
                $"POST /api/events/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {portal.Key}\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {announced.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{part}");
        }

        var large = new StringContent("""{"events":[]}""".PadRight(announced - 1), null, "application/json");
        await node.Of(other).PostAsync("/api/events/ingest", large);
        for (var n = 0; n < 20; n++)
            await node.Of(other).PostAsync("/api/events/ingest", Batch());
        uploads.ForEach(upload => upload.Dispose());
    }

    [Theory]
    [InlineData("/api/events?limit=1000&q=done")]
    [InlineData("/api/customers?q=c&limit=1000")]
    public async Task Many_questions_of_one_workspace_take_turns_with_those_of_others(string question)
    {
        await using var node = await Node.StartAsync(api);
        var (many, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await many.IngestAsync(Some.Events(500));
        await many.NewCustomerAsync("c-1");

        var asked = Enumerable.Range(0, 50).Select(_ => node.Of(many).AskAsync(HttpMethod.Get, question)).ToList();
        var answers = Enumerable.Range(0, 20).Select(_ => node.Of(other).GetAsync("/api/event-types")).ToList();
        await Task.WhenAll(answers);
        var told = await Task.WhenAll(asked);
        Assert.Contains(told, answer => (int)answer.StatusCode == 200);
        foreach (var answer in told)
            using (answer)
                Assert.True((int)answer.StatusCode is 200 or 503, $"{answer.StatusCode}"); // the last of them may come too late
    }

    [Fact]
    public async Task Changes_that_wait_for_a_workspaces_lock_keep_no_other_from_reading()
    {
        await using var node = await Node.StartAsync(api);
        var (stuck, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await using var held = await HeldWorkspace.OfAsync(stuck);

        var waiting = Enumerable.Range(0, 30).Select(n => node.Of(stuck).PostAsync("/api/customers", new { name = $"{n}" }, 201)).ToList();
        for (var n = 0; n < 20; n++)
            await node.Of(other).GetAsync("/api/customers");
        Assert.All(waiting, change => Assert.False(change.IsCompleted));
        await held.LetGoAsync();
        await Task.WhenAll(waiting);
    }

    static object Batch() => new { events = new[] { new { name = "task.done", external_customer_id = "acme" } } };
}
