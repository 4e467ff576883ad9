using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using FluentValidation;

namespace Analytics.Features.Sessions;

/// <summary>How to sign in: with a key, or with the code at the end of a sign-in link or an invitation.</summary>
public sealed record NewSession(string? Key, string? Code);

/// <summary>A code to make: for how many seconds it is good.</summary>
public sealed record NewSignInCode
{
    public int ExpiresIn { get; init; } = 900;
}

/// <summary>A code that signs in once with the rights of the key it was made with.</summary>
/// <param name="Code">Shown this once.</param>
/// <param name="Url">The page that signs in with it.</param>
/// <param name="ExpiresAt">Until then, and as long as the key.</param>
public sealed record MadeSignInCode(string Code, string Url, DateTimeOffset ExpiresAt);

/// <summary>Who is signed in, and what they may do where.</summary>
/// <param name="Kind">Whether a key of a workspace is behind it, or a user's.</param>
/// <param name="Name">The workspace key's name, or the user's.</param>
/// <param name="Workspaces">Those that the caller sees.</param>
/// <param name="Customer">The only customer that a customer-bound key sees.</param>
/// <param name="ExpiresAt">When the session ends; without a session when the key does, null when it does not.</param>
public sealed record SessionAnswer(
    [property: OneOf("workspace", "user")] string Kind, string Name, IReadOnlyList<SessionWorkspace> Workspaces, SessionCustomer? Customer,
    DateTimeOffset? ExpiresAt);

/// <summary>A workspace that the caller sees, with the scopes that the caller has there.</summary>
public sealed record SessionWorkspace(
    Guid Id, string Slug, string Name, string Timezone, string Currency, int RetentionDays,
    [property: OneOf(typeof(Scopes), nameof(Tenancy.Scopes.All))] IReadOnlyList<string> Scopes);

/// <summary>The customer that a key is bound to.</summary>
public sealed record SessionCustomer(Guid Id, string? ExternalId, string? Name);

sealed class NewSessionRules : AbstractValidator<NewSession>
{
    public NewSessionRules()
    {
        RuleFor(s => s.Key).Must((session, key) => key is not null || session.Code is not null)
            .WithErrorCode("required").WithMessage("Is required, or a code.");
        RuleFor(s => s.Code).Null().When(s => s.Key is not null).WithErrorCode("one_of").WithMessage("Is not sent beside a key.");
    }
}

sealed class NewSignInCodeRules : AbstractValidator<NewSignInCode>
{
    const int Longest = 86_400;

    public NewSignInCodeRules() => RuleFor(code => code.ExpiresIn).InclusiveBetween(1, Longest)
        .WithErrorCode("range").WithMessage($"Must be 1 to {Longest}.");
}
