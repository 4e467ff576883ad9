using Analytics.Storage;
using Analytics.Time;

namespace Analytics.Features.Business.Alerts;

/// <summary>The statistics that alerts of a workspace watch: asked anew when facts of apps came, and on another day.</summary>
sealed class WatchedStatistics(int workspace, IEnumerable<HeldAlert> alerts)
{
    const int Month = 30;

    readonly HeldAlert[] alerts = [.. alerts];
    long lookedUpTo = -1;
    long commit = -1;
    DateOnly today;

    /// <summary>Whether they may have changed.</summary>
    public bool IsBehind(WatchPosition now, long end) => alerts.Length > 0 && (now.Commit != lookedUpTo || DayOf(end) != today);

    /// <summary>What each comes to; nothing when none has changed.</summary>
    public async Task<List<FoundCrossing>> LookAsync(BoundedRead read, WatchPosition now, long end)
    {
        var found = new List<FoundCrossing>();
        if (!IsBehind(now, end))
            return found;
        var reading = new StatisticReading(read, workspace);
        var last = await reading.CommitAsync();
        if (last != commit || DayOf(end) != today)
            foreach (var held in alerts)
                if (await FindAsync(reading, held.Alert, DayOf(end)) is { } finding && held.IsNew(finding))
                    found.Add(new(held, finding));
        // What was found is told, or looked for again: whoever could not tell it makes this anew.
        (lookedUpTo, commit, today) = (now.Commit, last, DayOf(end));
        return found;
    }

    static async Task<KeyFinding> FindAsync(StatisticReading reading, WatchedAlert alert, DateOnly day)
    {
        var days = await reading.OfAsync(alert.Statistic!, alert.Window, day.AddDays(-Month), Month + 1);
        Int128? value = days?[^1];
        Int128? before = days?[alert.Window == AlertWords.Day ? ^2 : ^(Month + 1)];
        return new(AlertKeys.None, alert.Condition.IsCrossed(value, before), value, before);
    }

    static DateOnly DayOf(long end) => DateOnly.FromDateTime(Rfc3339.ToInstant(end).UtcDateTime);
}
