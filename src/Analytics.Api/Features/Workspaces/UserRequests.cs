using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using FluentValidation;

namespace Analytics.Features.Workspaces;

/// <summary>A user to make. The email is unique whatever its case.</summary>
public sealed record NewUser(string? Email, string? Name);

/// <summary>A user, and the workspaces of theirs that the caller may see.</summary>
[CsvRow]
public sealed record UserAnswer(
    Guid Id, string Email, string Name, DateTimeOffset CreatedAt,
    IReadOnlyList<MembershipAnswer> Memberships);

/// <summary>A user's role in a workspace.</summary>
public sealed record MembershipAnswer(
    Guid WorkspaceId, string Slug, [property: OneOf(typeof(Scopes), nameof(Scopes.Roles))] string Role);

/// <summary>The role to give: viewer, member, admin or owner.</summary>
public sealed record NewMember(string? Role);

/// <summary>A member of a workspace.</summary>
public sealed record MemberAnswer(
    Guid UserId, string Email, string Name,
    [property: OneOf(typeof(Scopes), nameof(Scopes.Roles))] string Role, DateTimeOffset CreatedAt);

sealed class NewUserRules : AbstractValidator<NewUser>
{
    public NewUserRules()
    {
        RuleFor(u => u.Email).Cascade(CascadeMode.Stop).Required().Email();
        RuleFor(u => u.Name).Cascade(CascadeMode.Stop).Required().Text(WorkspaceRules.LongestName);
    }
}

sealed class NewMemberRules : AbstractValidator<NewMember>
{
    public NewMemberRules() => RuleFor(m => m.Role).Cascade(CascadeMode.Stop).Required().Role();
}

/// <summary>What holds for a member however they come.</summary>
static class MemberRules
{
    public static IRuleBuilderOptions<T, string?> Role<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(role => Scopes.Roles.Contains(role), schema => schema.OneOf(Scopes.Roles))
        .WithErrorCode("role").WithMessage("Must be viewer, member, admin or owner.");
}
