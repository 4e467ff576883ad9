using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Requests;

/// <summary>Which requests to list. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record RecentRequest
{
    /// <summary>First instant, RFC 3339 with an offset, or a date; 24 hours before <c>to</c> by default.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now by default.</summary>
    public string? To { get; init; }

    /// <summary>Where dates begin at midnight: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>To these endpoints: <c>METHOD:/path</c>, as answers say it.</summary>
    public string?[] Endpoint { get; init; } = [];

    /// <summary>Of these customers: the product's id or ours; <c>anonymous</c> is nobody.</summary>
    public string?[] CustomerId { get; init; } = [];

    /// <summary>With these API keys of the product's.</summary>
    public string?[] ApiKeyId { get; init; } = [];

    /// <summary>Answered with these status codes.</summary>
    public int[] Status { get; init; } = [];

    /// <summary>The range; throws a 400 with every problem.</summary>
    internal TimeRange Range(Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(Timezone, workspace, now);
        var range = times.OfAnyLength(From, To);
        times.Check();
        return range!;
    }
}

/// <summary>What a question for requests must fulfil.</summary>
sealed class RecentRequestRules : AbstractValidator<RecentRequest>
{
    public RecentRequestRules()
    {
        RuleForEach(request => request.Status)
            .Must(code => code is >= 100 and <= 599, schema => (schema.Minimum, schema.Maximum) = ("100", "599"))
            .WithErrorCode("range").WithMessage("A status is 100 to 599.");
        this.ReadAs(static (request, http, now) => request.Range(http.Workspace, now));
    }
}

/// <summary>A page of requests, newest first.</summary>
public sealed record RecentRequests(IReadOnlyList<StoredRequest> Data, ScannedMeta Meta);

/// <summary>Where a list goes on that looks at many rows for few.</summary>
/// <param name="NextCursor">The <c>cursor</c> of the page after this one; null when the range's end was reached.</param>
/// <param name="ScannedTo">How far back everything that fits has been told: a page looks for a second, and may be short or empty.</param>
public sealed record ScannedMeta(string? NextCursor, DateTimeOffset? ScannedTo);
