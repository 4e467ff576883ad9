using Analytics.Features.Webhooks.Addresses;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using FluentValidation;

namespace Analytics.Features.Webhooks;

/// <summary>A webhook to make.</summary>
/// <param name="Url">Where messages are posted to; http or https, on the public internet.</param>
/// <param name="Events">What it is told: names that the service itself writes, or <c>*</c> alone for all of them.</param>
/// <param name="Enabled">Whether it is told anything; true by default.</param>
public sealed record NewWebhook(string? Url, IReadOnlyList<string?>? Events, bool? Enabled);

/// <summary>What is to change about a webhook; absent members stay.</summary>
/// <param name="Url">Where messages are posted to.</param>
/// <param name="Events">What it is told.</param>
/// <param name="Enabled">Whether it is told anything: true begins anew, with what it has not taken yet.</param>
public sealed record WebhookChange(string? Url, IReadOnlyList<string?>? Events, bool? Enabled);

/// <summary>A webhook as clients see it.</summary>
/// <param name="Id">What it is known by.</param>
/// <param name="Url">Where messages are posted to.</param>
/// <param name="Events">What it is told.</param>
/// <param name="Enabled">Whether it is told anything; the service disables one of which it has heard nothing good for 5 days.</param>
/// <param name="FailingSince">The first of its tries of which none has succeeded since; null while it is well.</param>
/// <param name="CreatedAt">When it was made.</param>
[CsvRow]
public record WebhookAnswer(
    Guid Id, string Url, IReadOnlyList<string> Events, bool Enabled, DateTimeOffset? FailingSince, DateTimeOffset CreatedAt)
{
    internal static WebhookAnswer Of(Webhook webhook) =>
        new(webhook.Id, webhook.Url, webhook.Events, webhook.Enabled, webhook.FailingSince, webhook.CreatedAt);
}

/// <summary>A new webhook, with the secret that is shown this once.</summary>
public sealed record MadeWebhook(
    Guid Id, string Url, IReadOnlyList<string> Events, bool Enabled, DateTimeOffset? FailingSince, DateTimeOffset CreatedAt, string Secret)
    : WebhookAnswer(Id, Url, Events, Enabled, FailingSince, CreatedAt)
{
    internal static MadeWebhook Of(Webhook webhook, string secret) =>
        new(webhook.Id, webhook.Url, webhook.Events, webhook.Enabled, webhook.FailingSince, webhook.CreatedAt, secret);
}

/// <summary>What a webhook's messages are signed with from now on; shown this once.</summary>
/// <param name="Secret"><c>whsec_</c> and the secret's bytes in base64.</param>
public sealed record MadeSecret(string Secret);

sealed class NewWebhookRules : AbstractValidator<NewWebhook>
{
    public NewWebhookRules(OpenAddresses open)
    {
        RuleFor(webhook => webhook.Url).Cascade(CascadeMode.Stop).Required().Url(open);
        RuleFor(webhook => webhook.Events).Cascade(CascadeMode.Stop).Required().Events();
        RuleForEach(webhook => webhook.Events).Event().When(webhook => webhook.Events is { Count: <= EventRules.Most });
    }
}

sealed class WebhookChangeRules : AbstractValidator<WebhookChange>
{
    public WebhookChangeRules(OpenAddresses open)
    {
        RuleFor(webhook => webhook.Url).Cascade(CascadeMode.Stop).Url(open);
        RuleFor(webhook => webhook.Events).Cascade(CascadeMode.Stop).Events();
        RuleForEach(webhook => webhook.Events).Event().When(webhook => webhook.Events is { Count: <= EventRules.Most });
    }
}

/// <summary>What holds for what a webhook is told.</summary>
static class EventRules
{
    public const int Most = 100;
    static readonly string[] Words = [Webhook.AllEvents, .. OwnNames.All];

    public static IRuleBuilderOptions<T, IReadOnlyList<string?>?> Events<T>(this IRuleBuilder<T, IReadOnlyList<string?>?> rule) => rule
        .Must(events => events is null or { Count: >= 1 and <= Most }, schema => (schema.MinItems, schema.MaxItems) = (1, Most))
        .WithErrorCode("count").WithMessage($"Must name 1 to {Most} events.")
        .Must(events => events is null or { Count: 1 } || !events.Contains(Webhook.AllEvents))
        .WithErrorCode("all").WithMessage($"{Webhook.AllEvents} means all of them and stands alone.");

    public static IRuleBuilderOptions<T, string?> Event<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(name => Words.Contains(name), schema => schema.OneOf(Words))
        .WithErrorCode("event").WithMessage("Must be one of " + string.Join(", ", Words) + ".");
}
