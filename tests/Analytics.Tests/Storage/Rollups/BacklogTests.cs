using Analytics.Storage.Rollups.Runs;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>What waits to be flushed is bounded however many nodes write to a workspace, and until it is flushed.</summary>
public sealed class BacklogTests(AnalyticsApi api)
{
    const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task What_two_nodes_leave_waiting_in_a_workspace_counts_for_both_until_it_is_flushed()
    {
        await using var one = await Node.StartAsync(api);
        await using var other = await Node.StartAsync(api);
        var workspace = (await Upkeep.OfAsync(await api.NewWorkspaceAsync())).Workspace;
        var rollups = new StoredRollups(api.Store, workspace);
        await rollups.FreezeAsync();
        await rollups.RunAsync($"""
            insert into rollup_deltas (workspace_id, section, commit, facts, data)
            select $1, 1, number, 1, convert_to(repeat('x', {Megabyte}), 'UTF8')
            from generate_series(1, {(Compactor.MaxWaitingBytes / Megabyte) + 2}) as number
            """);
        Compactor[] nodes = [.. new[] { one, other }.Select(node => node.Services.GetRequiredService<Compactor>())];

        // Neither has written more than may wait.
        foreach (var node in nodes)
            node.Added(workspace, Megabyte);
        await Until.HoldsAsync(
            () => Array.TrueForAll(nodes, node => node.IsBehind(workspace)), "A node does not see what the other one left.");

        await rollups.RunAsync("delete from rollup_deltas where workspace_id = $1");
        await Until.HoldsAsync(() => !Array.Exists(nodes, node => node.IsBehind(workspace)), "A node still holds back.");
    }
}
