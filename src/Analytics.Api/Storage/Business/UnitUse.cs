using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>Says whether any event was ever counted by a billable unit.</summary>
sealed class UnitUse(NpgsqlDataSource store, int workspace)
{
    const string KeysSql = "select number, text from texts where workspace_id = $1 and kind = $2";

    static readonly Bucket Always = new(
        TimeRange.Earliest, TimeRange.Earliest.AddYears(200), TimeRange.Earliest, TimeRange.Earliest.AddYears(200));

    /// <summary>Whether there is anything in the cells.</summary>
    public async Task<bool> IsCountedAsync(int unit, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace, [UsageRollups.Usage], cancel);
        var keys = new HashSet<int>();
        await snapshot.Connection.EachAsync(KeysSql, [workspace, (short)TextKind.UsageKey], row =>
        {
            if (UsageKey.Parse(row.GetString(1)).Units.Contains(unit))
                keys.Add(row.GetInt32(0));
        }, cancel);
        var used = new Cell();
        if (keys.Count > 0)
            await snapshot.ReadAsync(
                UsageRollups.Usage, new BucketCover([Always], snapshot.Timeline, UsageRollups.Usage), null, CellParts.Sums,
                (_, _, usage) => keys.Contains(usage) ? used : null, cancel);
        return used[UsageFacts.Matches] > 0;
    }

    /// <summary>Whether an event that came before it matches, where the cells do not say so yet.</summary>
    public async Task<bool> IsUsedBeforeAsync(int unit, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        var unready = (await Unit.LivingAsync(connection, workspace, cancel)).FindAll(one => one.Number == unit && !one.IsReady);
        if (unready.Count == 0)
            return false;
        var isUsed = false;
        var count = new RawCount(connection, workspace, Timeline.Year2000, long.MaxValue, (_, _) =>
        {
            isUsed = true;
            return Task.CompletedTask;
        }) { Units = [unit] };
        await (await UsageRecount.OpenAsync(count, cancel)).RunAsync(cancel);
        return isUsed;
    }
}
