using Analytics.Http;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Requests;

/// <summary>Whose usage to tell: of a time.</summary>
public sealed record CustomersRequest
{
    /// <summary>First instant, RFC 3339 with an offset, or a date; 24 hours before <c>to</c> by default.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now by default.</summary>
    public string? To { get; init; }

    /// <summary>Where dates begin at midnight: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>The range; throws a 400 with every problem.</summary>
    internal TimeRange Range(Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(Timezone, workspace, now);
        var range = times.Of(From, To);
        times.Check();
        return range!;
    }
}

/// <summary>What such a question must fulfil.</summary>
sealed class CustomersRequestRules : AbstractValidator<CustomersRequest>
{
    public CustomersRequestRules() => this.ReadAs(static (request, http, now) => request.Range(http.Workspace, now));
}

/// <summary>What a customer used and what that cost.</summary>
/// <param name="CustomerId">The product's id, else ours; <c>anonymous</c> is all requests of nobody.</param>
/// <param name="Count">Requests.</param>
/// <param name="TotalBytes">Bytes of responses.</param>
/// <param name="RequestBytes">Bytes of requests.</param>
/// <param name="ErrorRate">Percent of the requests with a status of 400 or more.</param>
/// <param name="AvgLatency">Milliseconds.</param>
/// <param name="SharePercent">Of all requests in the range.</param>
/// <param name="CumulativeSharePercent">Of this customer and all with more requests, whatever the list is sorted by.</param>
/// <param name="CostCents">What its events cost in the range, exact: the sum of their <c>_cost</c>.</param>
/// <param name="CostSharePercent">Of all costs in the range.</param>
public sealed record CustomerUsage(
    string CustomerId, long Count, ExactNumber TotalBytes, ExactNumber RequestBytes, ExactNumber ErrorRate, ExactNumber AvgLatency,
    ExactNumber SharePercent, ExactNumber CumulativeSharePercent, ExactNumber CostCents, ExactNumber CostSharePercent);
