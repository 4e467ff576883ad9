using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>The parameters of the heatmap, as sent.</summary>
public sealed record HeatmapRequest
{
    /// <summary>An RFC 3339 instant or a date; 24 hours before <c>to</c> by default.</summary>
    public string? From { get; init; }

    /// <summary>An RFC 3339 instant or a date, exclusive; now by default.</summary>
    public string? To { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>Only requests to these endpoints, such as <c>GET:/orders/:id</c>.</summary>
    public string?[] Endpoint { get; init; } = [];

    /// <summary>What a cell says: a number of requests, milliseconds, or percent.</summary>
    [Shown(Default = HeatmapQuestion.Count), OneOf(typeof(HeatmapQuestion), nameof(HeatmapQuestion.Measures))]
    public string? Measure { get; init; }

    /// <summary>
    /// <c>weekday</c> for the hours of a week, <c>endpoint</c> for the hours of the range by endpoint: of at most 31 days, the 20 busiest.
    /// </summary>
    [Shown(Default = HeatmapQuestion.Weekday), OneOf(HeatmapQuestion.Weekday, HeatmapQuestion.Endpoint)]
    public string? By { get; init; }
}

/// <summary>What is asked, understood.</summary>
sealed record HeatmapQuestion(TimeRange Range, string?[] Endpoints, string Measure, bool ByEndpoint, DateTimeOffset Now)
{
    internal const string Count = "count";
    internal const string AvgLatency = "avgLatency";
    internal const string ErrorRate = "errorRate";
    internal const string P95 = "p95";
    internal const string P99 = "p99";
    internal const string Weekday = "weekday";
    internal const string Endpoint = "endpoint";
    internal static readonly string[] Measures = [Count, AvgLatency, ErrorRate, P95, P99];

    /// <summary>The hours of the range.</summary>
    public IReadOnlyList<Bucket> Hours { get; } = Buckets.Of(Range, Interval.Hour);

    public static HeatmapQuestion Of(HeatmapRequest request, Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(request.Timezone, workspace, now);
        var (measure, by) = (request.Measure ?? Count, request.By ?? Weekday);
        if (!Measures.Contains(measure))
            times.Add("measure", "invalid", $"measure must be {string.Join(", ", Measures)}.");
        if (by is not (Weekday or Endpoint))
            times.Add("by", "invalid", $"by must be {Weekday} or {Endpoint}.");
        var range = times.Of(request.From, request.To, by == Endpoint ? Interval.Hour : null);
        times.Check();
        return new HeatmapQuestion(range!, request.Endpoint, measure, by == Endpoint, now);
    }
}
