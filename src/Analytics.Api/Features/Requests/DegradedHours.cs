using Analytics.Sketches;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Requests;

/// <summary>An hour in which an endpoint left its baseline by a measure.</summary>
readonly record struct DegradedHour(int Endpoint, DegradationMeasure Measure, int Hour, Int128 Baseline, Int128 Current);

/// <summary>
/// Compares endpoints' hours with their baselines: the median of the same hour of the week over the four weeks before, or, where fewer
/// than two of these have enough requests, of all hours of the seven days before. Only the hours that matter are read.
/// </summary>
sealed class DegradedHours(RollupSnapshot snapshot)
{
    const int Week = 7 * 24;
    const int Weeks = 4;
    const int Least = 2;

    // To look so many endpoints up one by one costs less than to read all of them.
    const int Few = 64;

    /// <summary>The degraded hours of [from, to), in order of time.</summary>
    /// <param name="from">Numbered from 2000, as slots are.</param>
    /// <param name="to">The first hour that is not looked at.</param>
    /// <param name="endpoints">Which endpoints; null for all.</param>
    /// <param name="cancel">Ends the search.</param>
    public async Task<List<DegradedHour>> FindAsync(int from, int to, int[]? endpoints, CancellationToken cancel)
    {
        var hours = new EndpointHours(snapshot, endpoints?.Length <= Few ? endpoints : null);
        var found = new List<DegradedHour>();
        for (var start = from; start < to; start += Week)
        {
            var end = Math.Min(start + Week, to);
            int[] looked = [.. Enumerable.Range(start, end - start)];
            await hours.EnsureAsync([.. looked, .. looked.SelectMany(SameHours)], cancel);
            if (looked.Any(hour => hours.At(hour).Count > 0))
                await CompareAsync(hours, looked, found, cancel);
            hours.ForgetBefore(end - Weeks * Week);
        }

        return found;
    }

    async Task CompareAsync(EndpointHours hours, int[] looked, List<DegradedHour> found, CancellationToken cancel)
    {
        var lacking = Lacking(hours, looked);
        var recent = lacking.Length <= Few ? new EndpointHours(snapshot, lacking) : hours;
        if (lacking.Length > 0)
            await recent.EnsureAsync(Enumerable.Range(looked[0] - Week, Week + looked.Length), cancel);
        foreach (var hour in looked)
            foreach (var (endpoint, now) in hours.At(hour))
            {
                List<EndpointHour> before = [.. hours.Of(endpoint, SameHours(hour))];
                if (before.Count < Least)
                    before = [.. recent.Of(endpoint, Enumerable.Range(hour - Week, Week))];
                foreach (var measure in DegradationMeasure.All)
                    if (before.Count > 0 && Median(before, measure) is var baseline && measure.HasLeft(measure.Of(now), baseline))
                        found.Add(new(endpoint, measure, hour, baseline, measure.Of(now)));
            }
    }

    static int[] Lacking(EndpointHours hours, int[] looked) =>
    [
        .. from hour in looked
           from endpoint in hours.At(hour).Keys
           where hours.Of(endpoint, SameHours(hour)).Count() < Least
           group hour by endpoint into lacking
           select lacking.Key,
    ];

    static IEnumerable<int> SameHours(int hour) => Enumerable.Range(1, Weeks).Select(week => hour - week * Week);

    static Int128 Median(List<EndpointHour> hours, DegradationMeasure measure)
    {
        Int128[] values = [.. hours.Select(measure.Of)];
        Array.Sort(values);
        return DecimalUnits.DivideRounded(values[(values.Length - 1) / 2] + values[values.Length / 2], 2);
    }
}
