using System.Diagnostics.Metrics;

namespace Analytics.Feed;

/// <summary>What streams say of themselves.</summary>
public sealed class FeedMeter : IDisposable
{
    readonly Meter meter = new("Analytics");
    readonly UpDownCounter<long> open;
    readonly Counter<long> delivered;
    readonly Counter<long> slow;
    readonly Counter<long> resets;

    public FeedMeter()
    {
        open = meter.CreateUpDownCounter<long>("analytics_streams_open", description: "Streams that are open");
        delivered = meter.CreateCounter<long>("analytics_stream_messages_total", description: "Events written to streams");
        slow = meter.CreateCounter<long>("analytics_stream_slow_readers_total", description: "Streams ended because the client left too much unread");
        resets = meter.CreateCounter<long>("analytics_stream_resets_total", description: "Streams that could not go on from their cursor");
    }

    public void Opened(string kind) => open.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Closed(string kind) => open.Add(-1, new KeyValuePair<string, object?>("kind", kind));

    public void Delivered(int messages) => delivered.Add(messages);

    public void WasSlow() => slow.Add(1);

    public void WasReset() => resets.Add(1);

    public void Dispose() => meter.Dispose();
}
