using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Whatever becomes of the node that watches, each crossing is told once.</summary>
[Collection<Timed>]
public sealed class AlertTakeoverTests(TimedApi timed)
{
    [Fact]
    public async Task Two_nodes_of_which_the_watching_one_is_killed_at_random_tell_each_crossing_once()
    {
        var random = new Random(7);
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.MakeAlertAsync(SomeAlerts.Count(above: 1, dimension: "customer"));
        await using var second = await Node.StartAsync(timed.Api, timed.Clock);
        for (var round = 0; round < 25; round++)
        {
            await workspace.IngestAsync(Enumerable.Range(0, 2).Select(_ => Some.Event(at: timed.Now, externalId: Some.ExternalId, customer: $"c{round:00}")));
            var killed = Task.Run(async () =>
            {
                await Task.Delay(random.Next(30));
                await KillAsync();
            });
            await timed.LookAsync(1, second.Services);
            await killed;
        }

        await timed.LookAsync(1, second.Services);
        Assert.Equal(Enumerable.Range(0, 25).Select(round => $"\"c{round:00}\""), await ToldAsync(workspace));
        Assert.Equal(25, await timed.Api.Store.ScalarAsync<long>(
            "select count(distinct record_key) from alert_crossings where workspace_id = $1", [await RandomLife.KeyOfAsync(workspace)], default));
    }

    [Fact]
    public async Task A_node_that_starts_anew_tells_nothing_twice_and_what_came_meanwhile()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 1, dimension: "customer", window: "1h"));
        await workspace.IngestAsync(Two("a"));
        await timed.LookAsync();
        await using (var second = await Node.StartAsync(timed.Api, timed.Clock))
        {
            await KillAsync();
            await workspace.IngestAsync(Two("b"));
            await timed.LookAsync(1, second.Services);
            await workspace.IngestAsync(Two("c"));
            await KillAsync();
            await timed.LookAsync(1, second.Services);
        }

        await workspace.IngestAsync(Two("d"));
        await timed.LookAsync();
        Assert.Equal(["\"a\"", "\"b\"", "\"c\"", "\"d\""], await ToldAsync(workspace));
        Assert.Equal(4, (await workspace.HistoryAsync(alert)).Count);
    }

    IEnumerable<JsonObject> Two(string customer) =>
        Enumerable.Range(0, 2).Select(_ => Some.Event(at: timed.Now, externalId: Some.ExternalId, customer: customer));

    // As if its process had died: the connection that watches goes, with whatever it was about to say.
    Task<int> KillAsync() => timed.Api.Store.ExecuteAsync("""
        select pg_terminate_backend(pid)
        from pg_locks
        where locktype = 'advisory'
          and database = (select oid from pg_database where datname = current_database())
          and (classid::bigint << 32 | objid::bigint) = $1
          and granted
        """, [0x616c65727473], default);

    async Task<List<string>> ToldAsync(WorkspaceClient workspace) => await timed.Api.Store.QueryAsync(
        "select payload ->> 'key', payload::text from audit where workspace_id = $1 and target_type = 'alert' order by 1",
        [await RandomLife.KeyOfAsync(workspace)], row => $"\"{row.GetString(0)}\"", default);
}
