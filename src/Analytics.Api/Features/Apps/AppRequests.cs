using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Apps;

/// <summary>An app to make.</summary>
/// <param name="NaturalId">What people call it, <c>owner:slug</c>; unique in the workspace.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="QuotaBytes">How much its Postgres workspace may hold; a gibibyte when it is left out.</param>
public sealed record NewApp(string? NaturalId, string? Name, long? QuotaBytes);

/// <summary>What is to change about an app; absent members stay.</summary>
public sealed record AppChange(string? NaturalId, string? Name, long? QuotaBytes);

/// <summary>An app as clients see it.</summary>
/// <param name="Id">Its id, for ever the same.</param>
/// <param name="NaturalId">What people call it, <c>owner:slug</c>; it will do in place of the id.</param>
/// <param name="WorkspaceId">The workspace it is in.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="QuotaBytes">How much its Postgres workspace may hold.</param>
/// <param name="SchemaName">The schema of its Postgres workspace; null until that is made.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record AppAnswer(
    Guid Id, string NaturalId, Guid WorkspaceId, string Name, long QuotaBytes, string? SchemaName, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static AppAnswer Of(App app, Workspace workspace) => new(
        app.Id, app.NaturalId, workspace.Id, app.Name, app.QuotaBytes, app.SchemaName, app.CreatedAt, app.UpdatedAt);
}

/// <summary>Which apps to list. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record AppsRequest
{
    /// <summary>Part of the name or the natural id.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>These natural ids.</summary>
    public string?[] NaturalId { get; init; } = [];

    /// <summary>The apps that pass; a filter without a value asks for nothing.</summary>
    internal IQueryable<App> Passing(IQueryable<App> apps)
    {
        string[] naturalIds = [.. NaturalId.OfType<string>()];
        string[] parts = [.. Q.OfType<string>().Select(LikePattern.Containing)];
        if (naturalIds is not [])
            apps = apps.Where(app => naturalIds.Contains(app.NaturalId));
        if (parts is not [])
            apps = apps.Where(app => parts.Any(part => EF.Functions.ILike(app.Name, part, LikePattern.Escape)
                || EF.Functions.ILike(app.NaturalId, part, LikePattern.Escape)));
        return apps;
    }
}

sealed class NewAppRules : AbstractValidator<NewApp>
{
    public NewAppRules()
    {
        RuleFor(app => app.NaturalId).Cascade(CascadeMode.Stop).Required().NaturalId();
        RuleFor(app => app.Name).Cascade(CascadeMode.Stop).Required().Text(AppRules.LongestName);
        RuleFor(app => app.QuotaBytes).Quota();
    }
}

sealed class AppChangeRules : AbstractValidator<AppChange>
{
    public AppChangeRules()
    {
        RuleFor(app => app.NaturalId).NaturalId();
        RuleFor(app => app.Name).Text(AppRules.LongestName);
        RuleFor(app => app.QuotaBytes).Quota();
    }
}

/// <summary>What holds for every app.</summary>
static class AppRules
{
    public const int LongestName = 200;
    public const long UsualQuota = 1L << 30;
    const int LongestPart = 128;

    public static IRuleBuilderOptions<T, string?> NaturalId<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(id => id is null || IsNaturalId(id), schema => schema.Pattern = $@"^[^\s:]{{1,{LongestPart}}}:[^\s:]{{1,{LongestPart}}}$")
        .WithErrorCode("natural_id")
        .WithMessage($"Must be owner:slug, each of 1 to {LongestPart} characters without blanks, colons and control characters.");

    public static IRuleBuilderOptions<T, long?> Quota<T>(this IRuleBuilder<T, long?> rule) => rule
        .GreaterThan(0).WithErrorCode("range").WithMessage("Must be above 0.");

    static bool IsNaturalId(string id) => id.Split(':') is [var owner, var slug] && IsPart(owner) && IsPart(slug);

    static bool IsPart(string part) =>
        part.Length > 0 && Rules.Characters(part) <= LongestPart && !part.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
