using Analytics.Http;
using Analytics.Time;

namespace Analytics.Features.Metrics;

/// <summary>Reads the activity of a range and works out the metrics, per bucket and in total.</summary>
sealed class MetricsSeries(MetricsQuestion question, MetricsRange range)
{
    public async Task<MetricsOfRange> ReadAsync(ActivityReader reader, ActivityScope scope, CancellationToken cancel)
    {
        var (from, to) = (range.Whole.From, range.Whole.To);
        // A range without buckets still has what runs on from before it.
        var buckets = range.Buckets is [] ? [new Bucket(from, to, from, to)] : range.Buckets;
        return Of(await reader.ReadAsync(buckets, question.Now, scope, cancel));
    }

    MetricsOfRange Of(ActivitySeries activity)
    {
        var (sums, running) = (new ActivityTotals(), new ActivityTotals());
        running.Add(activity.Before);
        var periods = new List<MetricsPeriod>(range.Buckets.Count);
        foreach (var (calendar, bucket) in range.Buckets.Zip(activity.Buckets))
        {
            sums.Add(bucket.Sums);
            running.Add(bucket.Sums);
            periods.Add(new MetricsPeriod(
                calendar.Start, calendar.IsPartial(question.Now), ValuesOf(new Place(bucket.Sums, running, bucket.Users))));
        }

        return new MetricsOfRange(periods, ValuesOf(new Place(sums, running, activity.Users)));
    }

    Dictionary<string, ExactNumber> ValuesOf(Place place)
    {
        var values = new Dictionary<string, ExactNumber>(question.Metrics.Count);
        foreach (var metric in question.Metrics)
            values.Add(metric.Slug, new ExactNumber(metric.Of(place)));
        return values;
    }
}
