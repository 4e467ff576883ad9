using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Requests;

/// <summary>A link to a customer's report to make.</summary>
public sealed record NewReportLink
{
    /// <summary>How many days it tells of whenever it is opened: that day and those before it.</summary>
    public int Days { get; init; } = ReportRequest.UsualDays;

    /// <summary>Whose days: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>When it ends: in 7 days by default, at most in 30.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A link that opens a report without a key, and until when.</summary>
public sealed record ReportLink(string Url, DateTimeOffset ExpiresAt);

/// <summary>What a new link must fulfil.</summary>
sealed class NewReportLinkRules : AbstractValidator<NewReportLink>
{
    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(7);
    static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    public NewReportLinkRules(TimeProvider time)
    {
        RuleFor(link => link.Days).InclusiveBetween(1, ReportRequest.MostDays)
            .WithErrorCode("range").WithMessage($"days must be 1 to {ReportRequest.MostDays}.");
        RuleFor(link => link.Timezone).Must(zone => zone is null || Zones.TryFind(zone, out _))
            .WithErrorCode("unknown_timezone").WithMessage("Is no IANA time zone.");
        RuleFor(link => link.ExpiresAt).Must(expiry => expiry is null || expiry > time.GetUtcNow())
            .WithErrorCode("expired").WithMessage("Must be in the future.")
            .Must(expiry => expiry is null || expiry <= time.GetUtcNow() + LongestLife)
            .WithErrorCode("range").WithMessage($"Must be within {LongestLife.TotalDays:0} days.");
    }
}
