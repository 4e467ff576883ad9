using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Requests;

/// <summary>Degraded hours of an endpoint, by one measure, that follow each other.</summary>
/// <param name="Since">The first of them.</param>
/// <param name="Hours">Those that were looked for, in order of time; those before them are not in it.</param>
sealed record DegradationRun(int Since, IReadOnlyList<DegradedHour> Hours)
{
    public DegradedHour Last => Hours[^1];

    /// <summary>It as the last of its hours shows it.</summary>
    public Degradation Shown(string endpoint) => new(
        endpoint, HourTimes.StartOf(Since), Last.Measure.Name, Rounded(Last.Baseline), Rounded(Last.Current),
        Last.Baseline == 0 ? null : new(DecimalUnits.DivideRounded(Last.Current * 100, Last.Baseline) * (DecimalUnits.One / 100)));

    ExactNumber Rounded(Int128 value) => new(DecimalUnits.DivideRounded(value, Last.Measure.Step) * Last.Measure.Step);
}

/// <summary>Puts degraded hours together, and goes back to where those began that were degraded before.</summary>
sealed class DegradationRuns(RollupSnapshot snapshot)
{
    const int FirstLook = 24;
    const int LongestLook = 7 * 24;

    readonly DegradedHours degraded = new(snapshot);

    /// <summary>The degradations with hours in [from, to), whenever they began.</summary>
    public async Task<List<DegradationRun>> FindAsync(int from, int to, CancellationToken cancel)
    {
        var runs = Runs(await degraded.FindAsync(from, to, null, cancel));
        await GoBackAsync(runs, from, cancel);
        return runs;
    }

    static List<DegradationRun> Runs(IEnumerable<DegradedHour> hours) =>
    [
        .. from hour in hours
           group hour by (hour.Endpoint, hour.Measure) into alike
           from run in alike.Index().GroupBy(hour => hour.Item.Hour - hour.Index, hour => hour.Item)
           select new DegradationRun(run.First().Hour, [.. run]),
    ];

    // Most are young: so the first look is short.
    async Task GoBackAsync(List<DegradationRun> runs, int from, CancellationToken cancel)
    {
        List<int> open = [.. runs.Index().Where(run => run.Item.Since == from).Select(run => run.Index)];
        for (int end = from, length = FirstLook; open.Count > 0; end -= length, length = Math.Min(2 * length, LongestLook))
        {
            int[] endpoints = [.. open.Select(at => runs[at].Last.Endpoint).Distinct()];
            var before = (await degraded.FindAsync(end - length, end, endpoints, cancel))
                .Select(hour => (hour.Endpoint, hour.Measure, hour.Hour)).ToHashSet();
            foreach (var at in open)
                while (before.Contains((runs[at].Last.Endpoint, runs[at].Last.Measure, runs[at].Since - 1)))
                    runs[at] = runs[at] with { Since = runs[at].Since - 1 };
            open.RemoveAll(at => runs[at].Since > end - length);
        }
    }
}

/// <summary>UTC hours by their numbers from 2000, as the slots of cells have them.</summary>
static class HourTimes
{
    const long Hour = 4 * Timeline.QuarterHour;

    public static DateTimeOffset StartOf(int hour) => DateTimeOffset.UnixEpoch.AddMicroseconds(Timeline.Year2000 + hour * Hour);

    /// <summary>The hour an instant falls into.</summary>
    public static int Of(DateTimeOffset instant) =>
        (int)Math.Floor((instant - StartOf(0)).TotalHours);

    /// <summary>The first hour that does not begin before an instant.</summary>
    public static int AtOrAfter(DateTimeOffset instant) => (int)Math.Ceiling((instant - StartOf(0)).TotalHours);
}
