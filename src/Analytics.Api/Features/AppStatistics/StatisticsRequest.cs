using Analytics.Http.OpenApi;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.AppStatistics;

/// <summary>What every question about statistics says.</summary>
public abstract record StatisticsRequest
{
    /// <summary>The first day, <c>YYYY-MM-DD</c>. All days are those of UTC.</summary>
    [Shown(IsRequired = true, Format = "date")]
    public string? From { get; init; }

    /// <summary>The day after the last one, at most 90 days later.</summary>
    [Shown(IsRequired = true, Format = "date")]
    public string? To { get; init; }

    /// <summary>
    /// Adds <c>previous</c>: as many days before the range, or the same dates a year before, where February 29th is the 28th.
    /// </summary>
    [OneOf(typeof(StatisticsRules), nameof(StatisticsRules.Comparisons))]
    public string? Compare { get; init; }

    /// <summary>Adds what a device transferred and what an app stores, on average.</summary>
    public bool Ratios { get; init; }
}

/// <summary>A question about an app.</summary>
public sealed record AppStatisticsRequest : StatisticsRequest;

/// <summary>A question about all apps of some workspaces.</summary>
public sealed record ScopeStatisticsRequest : StatisticsRequest
{
    /// <summary>Bandwidth is not each day's own, but what was transferred from the first day on.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Adds <c>by_app</c>: the same of every app.</summary>
    [OneOf(StatisticsRules.ByApp)]
    public string? Breakdown { get; init; }
}

sealed class AppStatisticsRules : AbstractValidator<AppStatisticsRequest>
{
    public AppStatisticsRules() => this.CheckRange();
}

sealed class ScopeStatisticsRules : AbstractValidator<ScopeStatisticsRequest>
{
    public ScopeStatisticsRules()
    {
        this.CheckRange();
        RuleFor(request => request.Breakdown).Must(word => word is null or StatisticsRules.ByApp)
            .WithErrorCode("invalid").WithMessage($"breakdown must be {StatisticsRules.ByApp}.");
    }
}

/// <summary>What holds for every question.</summary>
static class StatisticsRules
{
    public const string ByApp = "app";
    public const string PreviousPeriod = "previous_period";
    public const string PreviousYear = "previous_year";
    const int MostDays = 90;

    /// <summary>What <c>compare</c> may say.</summary>
    public static readonly string[] Comparisons = [PreviousPeriod, PreviousYear];

    public static void CheckRange<T>(this AbstractValidator<T> rules) where T : StatisticsRequest
    {
        rules.RuleFor(request => request.From).Must(IsDate).WithErrorCode("invalid_date").WithMessage(StatisticsRefusalAttribute.BadDates);
        rules.RuleFor(request => request.To).Cascade(CascadeMode.Stop)
            .Must(IsDate).WithErrorCode("invalid_date").WithMessage(StatisticsRefusalAttribute.BadDates)
            .Must((request, _) => !IsDate(request.From) || DaysOf(request) >= 0)
            .WithErrorCode("before_start").WithMessage(StatisticsRefusalAttribute.BadDates)
            .Must((request, _) => !IsDate(request.From) || DaysOf(request) <= MostDays)
            .WithErrorCode("range_too_long").WithMessage(StatisticsRefusalAttribute.TooLong);
        rules.RuleFor(request => request.Compare).Must(word => word is null || Comparisons.Contains(word))
            .WithErrorCode("invalid").WithMessage($"compare must be {string.Join(" or ", Comparisons)}.");
    }

    /// <summary>A date that was checked.</summary>
    public static DateOnly DateOf(string? text) =>
        Rfc3339.TryParseDate(text, out var date) ? date : throw new ArgumentException("It was not checked.", nameof(text));

    static bool IsDate(string? text) => Rfc3339.TryParseDate(text, out _);

    static int DaysOf(StatisticsRequest request) => DateOf(request.To).DayNumber - DateOf(request.From).DayNumber;
}
