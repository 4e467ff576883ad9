using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using FluentValidation;

namespace Analytics.Features.Workspaces;

/// <summary>Somebody to invite: the name is what the workspace calls them, <c>expires_in</c> the seconds until the link is over.</summary>
public sealed record NewInvitation(string? Email, string? Name, string? Role)
{
    public int ExpiresIn { get; init; } = 604_800;
}

/// <summary>An invitation that waits, without its link.</summary>
public record InvitationAnswer(
    Guid Id, string Email, string Name, [property: OneOf(typeof(Scopes), nameof(Scopes.Roles))] string Role,
    DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt)
{
    internal static InvitationAnswer Of(Invitation invitation) => new(
        invitation.Id, invitation.Email, invitation.Name, invitation.Role, invitation.ExpiresAt, invitation.CreatedAt);
}

/// <summary>A new invitation, with the link that is shown this once.</summary>
public sealed record MadeInvitation(
    Guid Id, string Url, string Email, string Name, string Role, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt)
    : InvitationAnswer(Id, Email, Name, Role, ExpiresAt, CreatedAt)
{
    internal static MadeInvitation Of(Invitation invitation, string url) => new(
        invitation.Id, url, invitation.Email, invitation.Name, invitation.Role, invitation.ExpiresAt, invitation.CreatedAt);
}

sealed class NewInvitationRules : AbstractValidator<NewInvitation>
{
    const int Longest = 30 * 86_400;

    public NewInvitationRules()
    {
        RuleFor(i => i.Email).Cascade(CascadeMode.Stop).Required().Email();
        RuleFor(i => i.Name).Cascade(CascadeMode.Stop).Required().Text(WorkspaceRules.LongestName);
        RuleFor(i => i.Role).Cascade(CascadeMode.Stop).Required().Role();
        RuleFor(i => i.ExpiresIn).InclusiveBetween(1, Longest).WithErrorCode("range").WithMessage($"Must be 1 to {Longest}.");
    }
}
