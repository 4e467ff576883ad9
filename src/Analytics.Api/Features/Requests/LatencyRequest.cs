using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>The parameters of latencies, as sent: of a date, or of a range.</summary>
public sealed record LatencyRequest
{
    /// <summary>Only requests to these endpoints, such as <c>GET:/orders/:id</c>.</summary>
    public string?[] Endpoint { get; init; } = [];

    /// <summary>A calendar date, <c>YYYY-MM-DD</c>; not together with <c>from</c> and <c>to</c>.</summary>
    [Shown(Format = "date")]
    public string? Date { get; init; }

    /// <summary>An RFC 3339 instant or a date; 24 hours before <c>to</c> by default.</summary>
    public string? From { get; init; }

    /// <summary>An RFC 3339 instant or a date, exclusive; now by default.</summary>
    public string? To { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>The range; throws a 400 with every problem.</summary>
    internal TimeRange Range(Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(Timezone, workspace, now);
        if (Date is not null && (From ?? To) is not null)
            times.Add("date", "conflict", "date says the whole range: from and to must be left out.");
        var range = Date is not null ? times.OfDate(Date) : times.Of(From, To);
        times.Check();
        return range!;
    }
}
