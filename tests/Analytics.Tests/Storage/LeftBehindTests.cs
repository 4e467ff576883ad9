using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Oracle;
using Analytics.Tests.Storage.Writing;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Storage;

/// <summary>What a node leaves behind that is gone for good, scaled away say, the others do.</summary>
[Collection<Timed>]
public sealed class LeftBehindTests(TimedApi timed)
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_a_node_that_is_gone_left_to_flush_another_one_flushes()
    {
        // Its own clock stands still: it flushes nothing.
        await using var gone = await Node.StartAsync(timed.Api, new FakeTimeProvider(timed.Now));
        var workspace = await timed.Api.NewWorkspaceAsync();
        var rollups = await RollupsAsync(workspace);
        // The first may be what is found at the start.
        for (var times = 0; times < 2; times++)
        {
            await TwoNodes.PostAsync(gone.Of(workspace), [Some.Event()]);
            // What it counts for, and where the log finds it.
            Assert.Equal(2, await DeltasAsync(rollups));

            await ComesAsync(async () => await DeltasAsync(rollups) == 0, "What the node left is not flushed.");
        }
    }

    [Fact]
    public async Task The_barrier_of_a_rebuild_that_was_killed_with_its_node_is_taken_away()
    {
        var rollups = await RollupsAsync(await timed.Api.NewWorkspaceAsync());
        await rollups.FreezeAsync();

        await ComesAsync(
            async () => await rollups.CountAsync("workspace_seq where workspace_id = $1 and barrier is not null") == 0, "The barrier stays.");
    }

    [Fact]
    public async Task What_came_since_the_last_look_is_left_to_whoever_is_at_it()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var key = (await Upkeep.OfAsync(workspace)).Workspace;
        var left = new LeftBehind(timed.Api.Store, Catalogue.Default);
        await left.LookAsync(default);
        // The service's clock stands still: it flushes nothing.
        await workspace.IngestAsync(Some.Event());

        Assert.DoesNotContain((key, 2), await left.LookAsync(default));
        Assert.Contains((key, 2), await left.LookAsync(default));
        Assert.Contains((key, 2), await new LeftBehind(timed.Api.Store, Catalogue.Default).LookAsync(default));
    }

    Task ComesAsync(Func<Task<bool>> isSo, string otherwise) => Until.HoldsAsync(
        () =>
        {
            timed.Clock.Advance(Look);
            return isSo();
        },
        otherwise);

    static Task<long> DeltasAsync(StoredRollups rollups) => rollups.CountAsync("rollup_deltas where workspace_id = $1");

    async Task<StoredRollups> RollupsAsync(WorkspaceClient workspace) =>
        new(timed.Api.Store, (await Upkeep.OfAsync(workspace)).Workspace);
}
