using Analytics.Http;
using Analytics.Storage.Schema;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Workspaces;

/// <summary>A workspace to make.</summary>
public sealed record NewWorkspace(string? Name, string? Slug, string? Timezone, string? Currency, int? RetentionDays);

/// <summary>What is to change about a workspace; absent members stay.</summary>
public sealed record WorkspaceChange(string? Name, string? Slug, string? Timezone, string? Currency, int? RetentionDays);

/// <summary>A workspace as clients see it.</summary>
public sealed record WorkspaceAnswer(
    Guid Id, string Name, string Slug, string Timezone, string Currency, int RetentionDays, DateTimeOffset CreatedAt)
{
    internal static WorkspaceAnswer Of(Workspace workspace) => new(
        workspace.Id, workspace.Name, workspace.Slug, workspace.Timezone, workspace.Currency, workspace.RetentionDays,
        workspace.CreatedAt);
}

sealed class NewWorkspaceRules : AbstractValidator<NewWorkspace>
{
    public NewWorkspaceRules()
    {
        RuleFor(w => w.Name).Cascade(CascadeMode.Stop).Required().Text(WorkspaceRules.LongestName);
        RuleFor(w => w.Slug).Cascade(CascadeMode.Stop).Required().Slug();
        RuleFor(w => w.Timezone).Zone();
        RuleFor(w => w.Currency).Currency();
        RuleFor(w => w.RetentionDays).Retention();
    }
}

sealed class WorkspaceChangeRules : AbstractValidator<WorkspaceChange>
{
    public WorkspaceChangeRules()
    {
        RuleFor(w => w.Name).Text(WorkspaceRules.LongestName);
        RuleFor(w => w.Slug).Slug();
        RuleFor(w => w.Timezone).Zone();
        RuleFor(w => w.Currency).Currency();
        RuleFor(w => w.RetentionDays).Retention();
    }
}

/// <summary>What holds for a workspace however it came to be.</summary>
static class WorkspaceRules
{
    public const int LongestName = 200;
    const int LongestRetention = 36_500;

    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(slug => slug is null || Workspace.IsSlug(slug), schema => schema.Pattern = Workspace.SlugPattern)
        .WithErrorCode("slug").WithMessage("Must be 1 to 64 lower-case letters, digits and dashes.");

    public static IRuleBuilderOptions<T, string?> Zone<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(zone => zone is null || Zones.TryFind(zone, out _))
        .WithErrorCode("timezone").WithMessage("Must be the name of an IANA time zone.");

    public static IRuleBuilderOptions<T, string?> Currency<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(currency => currency is null || (currency.Length == 3 && currency.All(char.IsAsciiLetter)),
            schema => schema.Pattern = "^[A-Za-z]{3}$")
        .WithErrorCode("currency").WithMessage("Must be a currency's three letters.");

    public static IRuleBuilderOptions<T, int?> Retention<T>(this IRuleBuilder<T, int?> rule) => rule
        .InclusiveBetween(1, LongestRetention).WithErrorCode("range").WithMessage($"Must be 1 to {LongestRetention}.");
}
