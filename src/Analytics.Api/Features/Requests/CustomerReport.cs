using Analytics.Http;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using FluentValidation;

namespace Analytics.Features.Requests;

/// <summary>Which days a report is about.</summary>
public sealed record ReportRequest
{
    public const int MostDays = 365;
    public const int UsualDays = 30;

    /// <summary>How many: today and those before it.</summary>
    public int Days { get; init; } = UsualDays;

    /// <summary>Whose days: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>Whose days they are; throws a 400 with every problem.</summary>
    internal RequestTimes Times(Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(Timezone, workspace, now);
        times.Check();
        return times;
    }
}

/// <summary>What a question for a report must fulfil.</summary>
sealed class ReportRequestRules : AbstractValidator<ReportRequest>
{
    public ReportRequestRules()
    {
        RuleFor(request => request.Days).InclusiveBetween(1, ReportRequest.MostDays)
            .WithErrorCode("range").WithMessage($"days must be 1 to {ReportRequest.MostDays}.");
        this.ReadAs(static (request, http, now) => request.Times(http.Workspace, now));
    }
}

/// <summary>What a customer used in some days. As CSV and as a page it says more of each day.</summary>
/// <param name="CustomerId">The product's id, else ours; an unknown one as it was asked for.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day, inclusive.</param>
/// <param name="TotalRequests">Requests.</param>
/// <param name="DailyRequests">Requests by day: every day is there.</param>
/// <param name="TopEndpoints">The ten with most requests.</param>
/// <param name="AvgLatency">Milliseconds.</param>
/// <param name="TotalDataTransfer">Bytes of responses.</param>
/// <param name="ErrorRate">Percent of the requests with a status of 400 or more.</param>
/// <param name="Latency">Percentiles in milliseconds.</param>
public sealed record CustomerReport(
    string CustomerId, DateOnly From, DateOnly To, long TotalRequests, IReadOnlyDictionary<string, long> DailyRequests,
    IReadOnlyList<ReportedEndpoint> TopEndpoints, ExactNumber AvgLatency, ExactNumber TotalDataTransfer, ExactNumber ErrorRate,
    LatencyPercentiles Latency)
{
    /// <summary>The zone whose days they are.</summary>
    internal string Timezone { get; init; } = "";

    /// <summary>What CSV tells, and the page.</summary>
    internal IReadOnlyList<ReportedDay> Days { get; init; } = [];
}

/// <summary>An endpoint and how many requests it had.</summary>
public sealed record ReportedEndpoint(string Endpoint, long Count);

/// <summary>A day of a report, as a row of its CSV.</summary>
sealed record ReportedDay(DateOnly Date, long Requests, long Errors, ExactNumber AvgLatency, ExactNumber DataTransfer);
