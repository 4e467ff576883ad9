using Analytics.Storage;
using FluentValidation;

namespace Analytics.Tenancy;

/// <summary>A link that opens a report without a key, and until when.</summary>
public sealed record ReportLink(string Url, DateTimeOffset ExpiresAt);

/// <summary>How long links are good.</summary>
static class LinkLife
{
    static readonly TimeSpan Usual = TimeSpan.FromDays(7);
    static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>When a link ends that is made now, where nothing else is asked for.</summary>
    public static DateTimeOffset UsualLinkExpiry(this TimeProvider time) => time.GetStoreNow() + Usual;

    /// <summary>An end that may be asked for.</summary>
    public static IRuleBuilderOptions<T, DateTimeOffset?> LinkExpiry<T>(this IRuleBuilder<T, DateTimeOffset?> rule, TimeProvider time) =>
        rule.Must(expiry => expiry is null || expiry > time.GetUtcNow())
            .WithErrorCode("expired").WithMessage("Must be in the future.")
            .Must(expiry => expiry is null || expiry <= time.GetUtcNow() + Longest)
            .WithErrorCode("range").WithMessage($"Must be within {Longest.TotalDays:0} days.");
}
