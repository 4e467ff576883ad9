using Analytics.Sketches;
using Analytics.Storage;

namespace Analytics.Features.AppStatistics;

/// <summary>
/// Counts the devices of windows over several workspaces, where one device may be in many. Exact as long as the devices of all days are not
/// more than can be held; beyond that small windows stay exact, and of large ones a sample says how many devices are in several workspaces.
/// </summary>
/// <param name="read">The snapshot.</param>
/// <param name="windows">Counts windows.</param>
/// <param name="most">How many devices are held at most.</param>
sealed class DistinctDevices(BoundedRead read, WindowCounts windows, int most = DistinctDevices.Most)
{
    const int Most = 1_000_000;

    /// <summary>Of the days in memory so many windows have no day in common; one more is begun.</summary>
    const int WindowsApart = WindowCounts.MaxSets / StatisticsDays.Window + 1;

    public async Task<int[]> CountAsync(IReadOnlyList<DevicesOfWorkspace> workspaces)
    {
        if (workspaces is [var only])
            return windows.Of(only.Days);
        if (workspaces.Sum(workspace => (long)workspace.Used.Length) <= most)
            return (await JoinAsync(workspaces, null)).Together;

        var apart = workspaces.Select(workspace => windows.Of(workspace.Days)).Aggregate(Sum);
        var small = Array.ConvertAll(apart, count => count <= most / WindowsApart);
        var exact = (await JoinAsync([.. workspaces.Select(workspace => In(workspace, small))], null)).Together;
        var sample = await JoinAsync(workspaces, Bound(workspaces));
        return [.. apart.Select((count, at) => small[at] ? exact[at] : Estimate(count, sample.Together[at], sample.Apart[at]))];
    }

    /// <summary>How many devices the windows hold, and how many when workspaces are counted one by one.</summary>
    async Task<(int[] Together, int[] Apart)> JoinAsync(IReadOnlyList<DevicesOfWorkspace> workspaces, UInt128? below)
    {
        var common = new CommonDevices(read, below);
        var together = new PersonSet?[workspaces[0].Days.Length];
        var apart = windows.Of(together);
        foreach (var workspace in workspaces)
        {
            var days = await common.TranslateAsync(workspace);
            apart = Sum(apart, windows.Of(days));
            for (var day = 0; day < days.Length; day++)
                if (together[day] is null)
                    together[day] = days[day];
                else if (days[day] is { } devices)
                    together[day]!.UnionWith(devices);
        }

        return (windows.Of(together), apart);
    }

    static int[] Sum(int[] one, int[] other) => [.. one.Zip(other, (first, second) => first + second)];

    /// <summary>The days of some windows.</summary>
    static DevicesOfWorkspace In(DevicesOfWorkspace workspace, bool[] wanted) => new(
        workspace.Workspace,
        [
            .. workspace.Days.Select((day, at) =>
                wanted.AsSpan(Math.Max(0, at - StatisticsDays.Window + 1)..Math.Min(wanted.Length, at + 1)).Contains(true) ? day : null),
        ]);

    /// <summary>Hashes are spread evenly: below it are as many as are held, of all devices that the workspaces ever had.</summary>
    UInt128 Bound(IReadOnlyList<DevicesOfWorkspace> workspaces) =>
        UInt128.MaxValue / (UInt128)workspaces.Sum(workspace => (long)workspace.Used.LastOrDefault()) * (UInt128)most;

    static int Estimate(int count, int together, int apart) =>
        apart == 0 ? count : (int)Math.Round((double)count * together / apart, MidpointRounding.AwayFromZero);
}
