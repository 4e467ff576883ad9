using Analytics.Sketches;
using Analytics.Storage.Apps;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.AppStatistics;

/// <summary>A workspace's days from its rollups: of all its apps together under 0, of some by their numbers.</summary>
sealed class StoredDays(RollupSnapshot snapshot, StatisticsDays days, CancellationToken cancel)
{
    /// <summary>What has to be opened for it.</summary>
    public static readonly Rollup[] Rollups =
        [AppRollups.WorkspaceDevices, AppRollups.WorkspaceTraffic, AppRollups.AppDevices, AppRollups.AppTraffic];

    /// <summary>The devices of each day and of the 29 days before the first; null for none.</summary>
    public async Task<Dictionary<int, PersonSet?[]>> DevicesAsync(IReadOnlyCollection<int>? apps)
    {
        var (rollup, leads) = apps is null ? (AppRollups.WorkspaceDevices, [0]) : (AppRollups.AppDevices, apps);
        var cells = Empty<Cell>(leads, days.Count + StatisticsDays.Window - 1);
        if (days.MayHold && leads.Count > 0)
        {
            var (shift, buckets) = days.WithWindow();
            await snapshot.ReadAsync(
                rollup, new BucketCover(buckets, snapshot.Timeline, rollup), apps, CellParts.SumsAndSet,
                (bucket, lead, _) => cells[lead][bucket + shift] ??= new Cell(), cancel);
        }

        return cells.ToDictionary(cell => cell.Key, cell => Array.ConvertAll(cell.Value, day => day?.Set));
    }

    /// <summary>What each day transferred, and what was stored at its end; devices are left out.</summary>
    public async Task<Dictionary<int, DayFigures[]>> TrafficAsync(IReadOnlyCollection<int>? apps, bool countApps)
    {
        var (rollup, leads) = apps is null ? (AppRollups.WorkspaceTraffic, [0]) : (AppRollups.AppTraffic, apps);
        var cells = Empty<Cell>(leads, days.Count + 1);
        if (days.MayHold && leads.Count > 0)
        {
            var (shift, buckets) = days.WithBefore();
            await snapshot.ReadAsync(
                rollup, new BucketCover(buckets, snapshot.Timeline, rollup), apps,
                apps is null && countApps ? CellParts.SumsAndSet : CellParts.Sums,
                (bucket, lead, _) => cells[lead][bucket + shift + 1] ??= new Cell(), cancel);
        }

        return cells.ToDictionary(cell => cell.Key, cell => FiguresOf(cell.Value, isOneApp: apps is not null));
    }

    static Dictionary<int, T?[]> Empty<T>(IReadOnlyCollection<int> leads, int length) =>
        leads.ToDictionary(lead => lead, _ => new T?[length]);

    /// <summary>The first cell is of all that was before the days.</summary>
    static DayFigures[] FiguresOf(Cell?[] cells, bool isOneApp)
    {
        var (sum, figures) = (new Cell(), new DayFigures[cells.Length - 1]);
        for (var at = 0; at < cells.Length; at++)
        {
            if (cells[at] is { } cell)
                sum.Merge(cell);
            if (at > 0)
                figures[at - 1] = new(
                    0, sum[AppFacts.Storage], cells[at]?[AppFacts.Bandwidth] ?? 0,
                    isOneApp ? (sum[AppFacts.StorageChanges] > 0 ? 1 : 0) : sum.Set?.Count ?? 0);
        }

        return figures;
    }
}
