using Analytics.Http;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Reading;

/// <summary>Reads of which time records of the log are asked for.</summary>
static class LogTimes
{
    /// <summary>The time that is named, everything without bounds; throws a 400 with every problem.</summary>
    /// <param name="from">As sent.</param>
    /// <param name="to">As sent.</param>
    /// <param name="timezone">As sent; the workspace's without it.</param>
    /// <param name="workspace">Whose log.</param>
    /// <param name="end">Where a time ends that only <paramref name="from"/> is named of.</param>
    public static TimeRange Read(string? from, string? to, string? timezone, Workspace workspace, DateTimeOffset end)
    {
        var problems = new List<TimeProblem>();
        var zone = Zones.Find(timezone ?? workspace.Timezone, problems);
        TimeSpan? otherwise = from is not null && to is null ? TimeSpan.Zero : null;
        var range = TimeRange.FromInstants(from, to, zone, end, otherwise, problems);
        problems.Refuse();
        return range!;
    }
}
