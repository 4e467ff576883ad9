using System.Diagnostics.Metrics;

namespace Analytics.Storage.Writing;

/// <summary>What the write path says of itself.</summary>
static class WriteMeter
{
    // As long as the process: disposing one of two meters of one name ends the other's measurements too.
    static readonly Meter Meter = new("Analytics");

    static readonly Counter<long> Ingested =
        Meter.CreateCounter<long>("analytics_ingested_events", description: "Events committed");

    static readonly Counter<long> Duplicates =
        Meter.CreateCounter<long>("analytics_duplicate_events", description: "Events that were there before");

    static readonly UpDownCounter<long> QueuedBytes =
        Meter.CreateUpDownCounter<long>("analytics_queue_bytes", description: "Bytes of events that wait or are being written");

    static readonly Histogram<double> Commits = Meter.CreateHistogram(
        "analytics_commit", "s", "Time from the start of a transaction to its commit",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        });

    public static void Committed(int inserted, int repeated, TimeSpan took)
    {
        Ingested.Add(inserted);
        Duplicates.Add(repeated);
        Commits.Record(took.TotalSeconds);
    }

    public static void Queued(long bytes) => QueuedBytes.Add(bytes);
}
