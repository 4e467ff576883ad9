using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Storefront;

namespace Analytics.Tests.Commands;

/// <summary>
/// A workspace that lives once for many faults. Before each of them it is put back as it was, with what it was told waiting to be flushed
/// or flushed: both are clean. It lives when it is asked for first; one test at a time may have it.
/// </summary>
/// <param name="live">Makes it, frozen: the service has to leave it alone.</param>
sealed class KeptLife(Func<AnalyticsApi, Task<(WorkspaceClient Workspace, StoredRollups Stored)>> live)
{
    Kept? kept;

    sealed record Kept(WorkspaceClient Workspace, StoredRollups Stored, KeptRows Waiting, KeptRows Flushed);

    /// <summary>The workspace as it was, whatever was done to it since.</summary>
    public async Task<(WorkspaceClient Workspace, StoredRollups Stored)> RestoreAsync(AnalyticsApi api, bool isFlushed = false)
    {
        kept ??= await KeepAsync(api);
        await (isFlushed ? kept.Flushed : kept.Waiting).RestoreAsync();
        kept.Stored.IsFlushed = isFlushed;
        return (kept.Workspace, kept.Stored);
    }

    async Task<Kept> KeepAsync(AnalyticsApi api)
    {
        var (workspace, stored) = await live(api);
        var key = await RandomLife.KeyOfAsync(workspace);
        await RestAsync(api, key, stored);
        var waiting = await KeptRows.OfAsync(api.Store, key);
        var before = await OnlyFinestAsync(stored);
        // The service may come in between, which makes no coarser grains of so little.
        await Until.HoldsAsync(
            async () =>
            {
                await waiting.RestoreAsync();
                await stored.FlushAsync();
                return await OnlyFinestAsync(stored) <= before;
            },
            "The service always comes in between.");
        var flushed = await KeptRows.OfAsync(api.Store, key);
        foreach (var rows in new[] { flushed, waiting })
        {
            await rows.RestoreAsync();
            await VerifyRun.OfAsync(workspace, 0);
        }

        return new Kept(workspace, stored, waiting, flushed);
    }

    /// <summary>Until the service has done what it does by itself, whatever is frozen: later it would do it to what was put back.</summary>
    static async Task RestAsync(AnalyticsApi api, int key, StoredRollups stored)
    {
        await Until.HoldsAsync(
            async () => await stored.CountAsync("outbox where workspace_id = $1") == 0
                && await stored.CountAsync("billable_units where workspace_id = $1 and not ready and deleted_at is null") == 0,
            "Something is not delivered or counted.");
        await Until.HoldsAsync(() => StepPacking.RunAsync(api.Store, key, default), "Somebody else packs.");
    }

    static Task<long> OnlyFinestAsync(StoredRollups stored)
    {
        var finest = Catalogue.Default.Rollups.Where(rollup => rollup.Grains != rollup.Grains.OnlyFinest)
            .Select(rollup => $"({rollup.Id}, {(short)rollup.Grains.OnlyFinest})");
        return stored.CountAsync($"rollup_runs where workspace_id = $1 and (rollup, grains) in ({string.Join(", ", finest)})");
    }
}
