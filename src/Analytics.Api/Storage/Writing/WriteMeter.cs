using System.Diagnostics.Metrics;

namespace Analytics.Storage.Writing;

/// <summary>What the write path says of itself, and of the bytes in its queue.</summary>
public sealed class WriteMeter : IDisposable
{
    readonly Meter meter = new("Analytics");
    readonly Counter<long> ingested;
    readonly Counter<long> duplicates;
    readonly Histogram<double> commits;

    public WriteMeter(WriteQueue queue)
    {
        ingested = meter.CreateCounter<long>("analytics_ingested_events_total", description: "Events committed");
        duplicates = meter.CreateCounter<long>("analytics_duplicate_events_total", description: "Events that were there before");
        commits = meter.CreateHistogram<double>("analytics_commit_seconds", "s", "Time from the start of a transaction to its commit");
        meter.CreateObservableGauge("analytics_queue_bytes", () => queue.Bytes, "By", "Bytes of events waiting to be written");
    }

    public void Committed(int inserted, int repeated, TimeSpan took)
    {
        ingested.Add(inserted);
        duplicates.Add(repeated);
        commits.Record(took.TotalSeconds);
    }

    public void Dispose() => meter.Dispose();
}
