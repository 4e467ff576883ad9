using System.Diagnostics.Metrics;

namespace Analytics.Feed;

/// <summary>What streams say of themselves.</summary>
static class FeedMeter
{
    // As long as the process: disposing one of two meters of one name ends the other's measurements too.
    static readonly Meter Meter = new("Analytics");

    static readonly UpDownCounter<long> Open =
        Meter.CreateUpDownCounter<long>("analytics_streams_open", description: "Streams that are open");

    static readonly Counter<long> Messages =
        Meter.CreateCounter<long>("analytics_stream_messages", description: "Messages written to streams");

    static readonly Counter<long> SlowReaders = Meter.CreateCounter<long>(
        "analytics_stream_slow_readers", description: "Streams ended because the client left too much unread");

    static readonly Counter<long> Resets =
        Meter.CreateCounter<long>("analytics_stream_resets", description: "Streams that could not go on from their cursor");

    public static void Opened(string kind) => Open.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void Closed(string kind) => Open.Add(-1, new KeyValuePair<string, object?>("kind", kind));

    public static void Delivered(int messages) => Messages.Add(messages);

    public static void WasSlow() => SlowReaders.Add(1);

    public static void WasReset() => Resets.Add(1);
}
