using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Requests;

/// <summary>Which day's slow requests to tell.</summary>
public sealed record SlowRequest
{
    public const int Most = 100;

    /// <summary>The calendar date; today by default.</summary>
    [Shown(Format = "date")]
    public string? Date { get; init; }

    /// <summary>How many.</summary>
    public int Limit { get; init; } = Most;

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>The day; throws a 400 with every problem.</summary>
    internal TimeRange Day(Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(Timezone, workspace, now);
        var day = times.OfDate(Date);
        times.Check();
        return day!;
    }
}

/// <summary>What a question for slow requests must fulfil.</summary>
sealed class SlowRequestRules : AbstractValidator<SlowRequest>
{
    public SlowRequestRules()
    {
        RuleFor(request => request.Limit).InclusiveBetween(1, SlowRequest.Most)
            .WithErrorCode("range").WithMessage($"limit must be 1 to {SlowRequest.Most}.");
        this.ReadAs(static (request, http, now) => request.Day(http.Workspace, now));
    }
}

/// <summary>The slowest requests of a day, the slowest first; of equal ones by endpoint and customer.</summary>
public sealed record SlowRequests(IReadOnlyList<SlowOne> Data);

/// <summary>A request that took more than a second; <c>customerId</c> is the product's id, ours, or <c>anonymous</c>.</summary>
public sealed record SlowOne(string Endpoint, ExactNumber LatencyMs, string CustomerId, int StatusCode, DateTimeOffset Timestamp);
