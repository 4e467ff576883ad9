using Analytics.Tenancy;
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

/// <summary>What a new link must fulfil.</summary>
sealed class NewReportLinkRules : AbstractValidator<NewReportLink>
{
    public NewReportLinkRules(TimeProvider time)
    {
        RuleFor(link => link.Days).InclusiveBetween(1, ReportRequest.MostDays)
            .WithErrorCode("range").WithMessage($"days must be 1 to {ReportRequest.MostDays}.");
        RuleFor(link => link.Timezone).Must(zone => zone is null || Zones.TryFind(zone, out _))
            .WithErrorCode("unknown_timezone").WithMessage("Is no IANA time zone.");
        RuleFor(link => link.ExpiresAt).LinkExpiry(time);
    }
}
