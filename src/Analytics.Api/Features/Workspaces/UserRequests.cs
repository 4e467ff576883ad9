using Analytics.Http;
using FluentValidation;

namespace Analytics.Features.Workspaces;

/// <summary>A user to make. The email is unique whatever its case.</summary>
public sealed record NewUser(string? Email, string? Name);

/// <summary>A user, and the workspaces of theirs that the caller may see.</summary>
public sealed record UserAnswer(Guid Id, string Email, string Name, DateTimeOffset CreatedAt, IReadOnlyList<MembershipAnswer> Memberships);

/// <summary>A user's role in a workspace.</summary>
public sealed record MembershipAnswer(Guid WorkspaceId, string Slug, string Role);

/// <summary>The role to give: viewer, member, admin or owner.</summary>
public sealed record NewMember(string? Role);

/// <summary>A member of a workspace.</summary>
public sealed record MemberAnswer(Guid UserId, string Email, string Name, string Role, DateTimeOffset CreatedAt);

public sealed class NewUserRules : AbstractValidator<NewUser>
{
    public NewUserRules()
    {
        RuleFor(u => u.Email).Cascade(CascadeMode.Stop).Required().Email();
        RuleFor(u => u.Name).Cascade(CascadeMode.Stop).Required().Text(WorkspaceRules.LongestName);
    }
}

public sealed class NewMemberRules : AbstractValidator<NewMember>
{
    static readonly string[] Roles = ["viewer", "member", "admin", "owner"];

    public NewMemberRules() => RuleFor(m => m.Role).Cascade(CascadeMode.Stop).Required()
        .Must(role => Roles.Contains(role)).WithErrorCode("role").WithMessage("Must be viewer, member, admin or owner.");
}
