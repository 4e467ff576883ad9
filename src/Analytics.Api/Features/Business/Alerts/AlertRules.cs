using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Facts;
using FluentValidation;

namespace Analytics.Features.Business.Alerts;

/// <summary>What members of alerts have to be, wherever they are sent.</summary>
static class AlertMembers
{
    public const int LongestName = 128;

    public static IRuleBuilderOptions<T, string?> Word<T>(this IRuleBuilder<T, string?> rule, string code, string[] words) => rule
        .Must(word => word is null || words.Contains(word), schema => schema.OneOf(words))
        .WithErrorCode(code).WithMessage("Must be one of " + string.Join(", ", words) + ".");
}

sealed class NewAlertRules : AbstractValidator<NewAlert>
{
    public NewAlertRules()
    {
        RuleFor(alert => alert.Name).Cascade(CascadeMode.Stop).Required().Text(AlertMembers.LongestName);
        RuleFor(alert => alert.Severity).Word("severity", LogClass.Severities);
        RuleFor(alert => alert.Query).Must((alert, query) => query is not null || alert.Statistic is not null)
            .WithErrorCode("required").WithMessage("Is required unless there is a statistic.");
        RuleFor(alert => alert.Statistic).Must((alert, statistic) => statistic is null || alert.Query is null)
            .WithErrorCode("conflict").WithMessage("Cannot be sent together with a query.");
        RuleFor(alert => alert.Query).SetValidator(new AlertQueryRules()!);
        RuleFor(alert => alert.Statistic).SetValidator(new AlertStatisticRules()!);
        RuleFor(alert => alert.Window).Cascade(CascadeMode.Stop).Required().Word("window", AlertWords.Windows)
            .Must((alert, window) => alert.Statistic is null || AlertWords.StatisticWindows.Contains(window))
            .WithErrorCode("window").WithMessage("Of a statistic it must be 1d or 30d.");
        RuleFor(alert => alert.When).Cascade(CascadeMode.Stop).Required().SetValidator(new AlertConditionRules()!);
    }
}

/// <summary>What can be said before it is known what stays.</summary>
sealed class AlertChangeRules : AbstractValidator<AlertChange>
{
    public AlertChangeRules()
    {
        RuleFor(alert => alert.Name).Text(AlertMembers.LongestName);
        RuleFor(alert => alert.Severity).Word("severity", LogClass.Severities);
        RuleFor(alert => alert.Statistic).Must((alert, statistic) => statistic is null || alert.Query is null)
            .WithErrorCode("conflict").WithMessage("Cannot be sent together with a query.");
        RuleFor(alert => alert.Query).SetValidator(new AlertQueryRules()!);
        RuleFor(alert => alert.Statistic).SetValidator(new AlertStatisticRules()!);
        RuleFor(alert => alert.Window).Word("window", AlertWords.Windows);
        RuleFor(alert => alert.When).SetValidator(new AlertConditionRules()!);
    }
}

sealed class AlertQueryRules : AbstractValidator<AlertQuery>
{
    public AlertQueryRules()
    {
        RuleFor(query => query.Metrics).Must(metrics => metrics is null || metrics.Count <= 1, schema => schema.MaxItems = 1)
            .WithErrorCode("count").WithMessage("Must be one.");
        RuleFor(query => query.Dimensions).Must(dimensions => dimensions is null || dimensions.Count <= 1, schema => schema.MaxItems = 1)
            .WithErrorCode("count").WithMessage("Must be at most one.");
        RuleFor(query => query.Asked).SetValidator(new QueryRequestRules()).OverridePropertyName("");
    }
}

sealed class AlertStatisticRules : AbstractValidator<AlertStatistic>
{
    public AlertStatisticRules()
    {
        RuleFor(statistic => statistic.Scope).Cascade(CascadeMode.Stop).Required().Word("scope", AlertWords.Scopes);
        RuleFor(statistic => statistic.Measure).Cascade(CascadeMode.Stop).Required().Word("measure", AlertWords.Measures);
        RuleFor(statistic => statistic.Id).Must((statistic, id) => id is not null || statistic.Scope != AlertWords.OfApp)
            .WithErrorCode("required").WithMessage("Is required of an app.");
        RuleFor(statistic => statistic.Id).Must((statistic, id) => id is null || statistic.Scope != AlertWords.OfOrg)
            .WithErrorCode("conflict").WithMessage("Is an app's: of all apps of the workspace it must be left out.");
    }
}

sealed class AlertConditionRules : AbstractValidator<AlertCondition>
{
    public AlertConditionRules()
    {
        RuleFor(when => when.Operator).Word("operator", AlertWords.Operators);
        RuleFor(when => when.Operator).Must((when, word) => word is not null || when.ChangePercent is not null)
            .WithErrorCode("required").WithMessage("Is required unless there is a changePercent.");
        // Of a PATCH body's members the name Value means nothing: this one is one.
        RuleFor(when => when.Value).Must((when, value) => value is not null || when.ChangePercent is not null).OverridePropertyName("value")
            .WithErrorCode("required").WithMessage("Is required unless there is a changePercent.");
        RuleFor(when => when.ChangePercent)
            .Must((when, percent) => percent is null || (when.Operator is null && when.Value is null))
            .WithErrorCode("conflict").WithMessage("Cannot be sent together with an operator and a value.")
            .Must(percent => percent is not { Units: var units } || units != 0).WithErrorCode("range").WithMessage("Must not be 0.");
    }
}

sealed class AlertPreviewRequestRules : AbstractValidator<AlertPreviewRequest>
{
    public const int DefaultDays = 30;
    const int MostDays = 90;

    public AlertPreviewRequestRules()
    {
        RuleFor(preview => preview.Alert).Cascade(CascadeMode.Stop).Required().SetValidator(new NewAlertRules()!);
        RuleFor(preview => preview.Days)
            .Must(days => days is null or (>= 1 and <= MostDays), schema => (schema.Minimum, schema.Maximum) = ("1", $"{MostDays}"))
            .WithErrorCode("range").WithMessage($"Must be 1 to {MostDays}.");
    }
}
