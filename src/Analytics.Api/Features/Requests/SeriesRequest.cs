using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>The parameters of requests over time, as sent.</summary>
public sealed record SeriesRequest
{
    /// <summary>An RFC 3339 instant or a date; 24 hours before <c>to</c> by default.</summary>
    public string? From { get; init; }

    /// <summary>An RFC 3339 instant or a date, exclusive; now by default.</summary>
    public string? To { get; init; }

    /// <summary>How to cut the range: of minutes at most 48 hours, of hours at most 31 days.</summary>
    [Shown(Default = SeriesQuestion.DefaultInterval), OneOf(typeof(SeriesQuestion), nameof(SeriesQuestion.Intervals))]
    public string? Interval { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>Only requests to these endpoints, such as <c>GET:/orders/:id</c>.</summary>
    public string?[] Endpoint { get; init; } = [];

    /// <summary>Only these customers' requests, by the product's id or ours; <c>anonymous</c> for those of nobody.</summary>
    public string?[] CustomerId { get; init; } = [];
}

/// <summary>What is asked, understood.</summary>
sealed record SeriesQuestion(TimeRange Range, Interval Interval, string?[] Endpoints, string?[] Customers, DateTimeOffset Now)
{
    internal const string DefaultInterval = "hour";
    internal static readonly string[] Intervals = ["minute", DefaultInterval, "day"];

    public IReadOnlyList<Bucket> Buckets { get; } = Time.Buckets.Of(Range, Interval);

    public static SeriesQuestion Of(SeriesRequest request, Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(request.Timezone, workspace, now);
        var name = request.Interval ?? DefaultInterval;
        Interval? interval = Intervals.Contains(name) && Time.Intervals.TryParse(name, out var known) ? known : null;
        if (interval is null)
            times.Add("interval", "invalid", $"interval must be {string.Join(", ", Intervals)}.");
        var range = times.Of(request.From, request.To, interval);
        times.Check();
        return new SeriesQuestion(range!, interval!.Value, request.Endpoint, request.CustomerId, now);
    }
}
