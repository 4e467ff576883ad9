using System.Globalization;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Business.Reports;

/// <summary>What holds for every report, but for what only the clock and the workspace tell.</summary>
sealed class SavedReportRules : AbstractValidator<SavedReport>
{
    const int LongestName = 200;

    public SavedReportRules()
    {
        RuleFor(report => report.Name).Cascade(CascadeMode.Stop).Required().Text(LongestName);
        RuleFor(report => report.Query).Cascade(CascadeMode.Stop).Required().SetValidator(new QueryRequestRules()!);
        RuleFor(report => report.Schedule).SetValidator(new ReportScheduleRules()!);
    }
}

sealed class ReportScheduleRules : AbstractValidator<ReportSchedule>
{
    public ReportScheduleRules()
    {
        RuleFor(schedule => schedule.Every).Cascade(CascadeMode.Stop).Required()
            .Must(Schedule.Intervals.Contains, schema => schema.OneOf(Schedule.Intervals))
            .WithErrorCode("every").WithMessage("Must be one of " + string.Join(", ", Schedule.Intervals) + ".");
        RuleFor(schedule => schedule.At).Cascade(CascadeMode.Stop).Required()
            .Must(IsTime, schema => schema.Pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")
            .WithErrorCode("time").WithMessage("Must be a time of the day, from 00:00 to 23:59.");
        RuleFor(schedule => schedule.Timezone).Must(zone => zone is null || Zones.TryFind(zone, out _))
            .WithErrorCode("unknown_timezone").WithMessage("Is no IANA time zone.");
    }

    static bool IsTime(string? text) => TimeOnly.TryParseExact(
        text, ReportSchedule.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}

sealed class NewReportRunLinkRules : AbstractValidator<NewReportRunLink>
{
    public NewReportRunLinkRules(TimeProvider time) => RuleFor(link => link.ExpiresAt).LinkExpiry(time);
}
