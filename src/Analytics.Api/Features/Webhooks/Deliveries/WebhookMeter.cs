using System.Diagnostics.Metrics;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>What sending to webhooks says of itself.</summary>
static class WebhookMeter
{
    // As long as the process: disposing one of two meters of one name ends the other's measurements too.
    static readonly Meter Meter = new("Analytics");

    static readonly Counter<long> Tries = Meter.CreateCounter<long>(
        "analytics_webhook_tries", description: "Messages sent to webhooks, by what came of it");

    static readonly Histogram<double> Seconds = Meter.CreateHistogram(
        "analytics_webhook_try", "s", "Time until a webhook's receiver answered or did not",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10] });

    static readonly Counter<long> Ends = Meter.CreateCounter<long>(
        "analytics_webhooks_disabled", description: "Webhooks disabled because nothing arrived any more");

    public static void Tried(WebhookTry tried)
    {
        var outcome = tried.HasSucceeded ? "delivered" : tried.Error ?? "status";
        Tries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        Seconds.Record(tried.DurationMs / 1000.0);
    }

    public static void Disabled() => Ends.Add(1);
}
