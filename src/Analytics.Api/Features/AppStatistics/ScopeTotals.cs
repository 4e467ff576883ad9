using Analytics.Sketches;
using Analytics.Storage;

namespace Analytics.Features.AppStatistics;

/// <summary>Some days of all apps of some workspaces, one workspace after the other.</summary>
sealed class ScopeTotals(StatisticsDays days)
{
    readonly DayFigures[] figures = new DayFigures[days.Count];
    readonly List<DevicesOfWorkspace> devices = [];

    public StatisticsDays Days => days;

    public async Task AddAsync(int workspace, StoredDays stored, bool countApps)
    {
        var traffic = (await stored.TrafficAsync(apps: null, countApps))[0];
        for (var place = 0; place < figures.Length; place++)
            figures[place] += traffic[place];
        var own = (await stored.DevicesAsync(apps: null))[0];
        if (Array.Exists(own, day => day is { Count: > 0 }))
            devices.Add(new(workspace, own));
    }

    /// <summary>The days, once all workspaces are in.</summary>
    public async Task<IReadOnlyList<DayFigures>> FiguresAsync(BoundedRead read, WindowCounts windows)
    {
        if (devices.Count > 0)
            DayFigures.SetDevices(figures, await new DistinctDevices(read, windows).CountAsync(devices));
        return figures;
    }
}
