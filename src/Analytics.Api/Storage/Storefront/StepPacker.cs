using Npgsql;

namespace Analytics.Storage.Storefront;

/// <summary>Packs steps where many commits wait, or some that have rested: readers go through all that wait.</summary>
sealed class StepPacker(NpgsqlDataSource store, StoreReadiness readiness, TimeProvider clock, ILogger<StepPacker> log)
    : RepeatedJob(readiness, clock, log)
{
    const int Many = 64;

    const string WaitingSql = "select workspace_id, count(*)::int, max(commit) from storefront_deltas group by workspace_id";

    readonly Dictionary<int, long> lastSeen = [];

    protected override string Work => "Packing storefronts' steps";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(2);

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var waiting = await store.QueryAsync(
            WaitingSql, [], row => (Workspace: row.GetInt32(0), Count: row.GetInt32(1), Last: row.GetInt64(2)), cancel);
        foreach (var (workspace, count, last) in waiting)
            if (count >= Many || (lastSeen.TryGetValue(workspace, out var before) && before == last))
                await StepPacking.RunAsync(store, workspace, cancel);
        lastSeen.Clear();
        foreach (var (workspace, _, last) in waiting)
            lastSeen[workspace] = last;
    }
}
