using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using FluentValidation;

namespace Analytics.Features.Workspaces;

/// <summary>A key of a workspace to make; with a customer it is a portal key, which sees that customer only.</summary>
public sealed record NewKey(string? Name, IReadOnlyList<string>? Scopes, Guid? CustomerId, DateTimeOffset? ExpiresAt);

/// <summary>A key of a user to make: it acts as the user in every workspace the user belongs to.</summary>
public sealed record NewUserKey(string? Name, DateTimeOffset? ExpiresAt);

/// <summary>A key as lists show it: never with its secret.</summary>
public record KeyAnswer(
    string Id, string Name, [property: OneOf(typeof(Scopes), nameof(Tenancy.Scopes.All))] IReadOnlyList<string> Scopes,
    Guid? CustomerId, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt)
{
    internal static KeyAnswer Of(ApiKey key) =>
        new(key.Id, key.Name, key.Scopes, key.CustomerId, key.ExpiresAt, key.CreatedAt);
}

/// <summary>A new key, with the text that is shown this once.</summary>
public sealed record MadeKey(
    string Id, string Key, string Name, IReadOnlyList<string> Scopes, Guid? CustomerId, DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt) : KeyAnswer(Id, Name, Scopes, CustomerId, ExpiresAt, CreatedAt)
{
    internal static MadeKey Of(ApiKey key, ApiKeyText text) =>
        new(key.Id, text.ToString(), key.Name, key.Scopes, key.CustomerId, key.ExpiresAt, key.CreatedAt);
}

sealed class NewKeyRules : AbstractValidator<NewKey>
{
    const int MostScopes = 100;

    public NewKeyRules(TimeProvider time)
    {
        RuleFor(k => k.Name).Cascade(CascadeMode.Stop).Required().Text(WorkspaceRules.LongestName);
        RuleFor(k => k.Scopes).Cascade(CascadeMode.Stop).Required()
            .NotEmpty().WithErrorCode("required").WithMessage("Must name at least one scope.")
            .Must(scopes => scopes!.Count <= MostScopes, schema => schema.MaxItems = MostScopes)
            .WithErrorCode("count").WithMessage($"Must name at most {MostScopes} scopes.");
        RuleForEach(k => k.Scopes).Must(scope => Scopes.All.Contains(scope), schema => schema.OneOf(Scopes.All))
            .WithErrorCode("scope").WithMessage("Must be one of " + string.Join(", ", Scopes.All) + ".")
            .When(k => k.Scopes is { Count: <= MostScopes });
        RuleFor(k => k.ExpiresAt).InFuture(time);
    }
}

sealed class NewUserKeyRules : AbstractValidator<NewUserKey>
{
    public NewUserKeyRules(TimeProvider time)
    {
        RuleFor(k => k.Name).Text(WorkspaceRules.LongestName);
        RuleFor(k => k.ExpiresAt).InFuture(time);
    }
}

/// <summary>What holds for every key.</summary>
static class KeyRules
{
    public static IRuleBuilderOptions<T, DateTimeOffset?> InFuture<T>(this IRuleBuilder<T, DateTimeOffset?> rule, TimeProvider time) =>
        rule.Must(expiry => expiry is null || expiry > time.GetUtcNow())
            .WithErrorCode("expired").WithMessage("Must be in the future.");
}
