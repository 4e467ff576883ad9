using Analytics.Http.OpenApi;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;

namespace Analytics.Http;

/// <summary>Rules several request records share.</summary>
static class Rules
{
    /// <summary>A text that can be stored and is not blank; null passes.</summary>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .Must(text => text is null || !string.IsNullOrWhiteSpace(text), schema => schema.MinLength = 1)
        .WithErrorCode("blank").WithMessage("Must not be blank.")
        .Must(text => text is null || Characters(text) <= longest, schema => schema.MaxLength = longest)
        .WithErrorCode("length").WithMessage($"Must have at most {longest} characters.")
        .Must(text => text is null || !text.Contains('\0')).WithErrorCode("text").WithMessage("Must not hold a NUL.");

    /// <summary>A text that the last part of a path names something by: a dot, or two, would be taken for a way.</summary>
    public static IRuleBuilderOptions<T, string?> PathKey<T>(this IRuleBuilder<T, string?> rule, int longest) => rule.Text(longest)
        .Must(text => text is not ("." or "..")).WithErrorCode("text").WithMessage("Must not be . or .., which no path can name.");

    /// <summary>How many characters a text has, as Postgres and ingestion count them: an emoji is one.</summary>
    public static int Characters(string text) => text.EnumerateRunes().Count();

    public static IRuleBuilderOptions<T, TProperty> Required<T, TProperty>(this IRuleBuilder<T, TProperty> rule) =>
        rule.NotNull().WithErrorCode("required").WithMessage("Is required.");

    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || LooksLikeEmail(text), schema => (schema.Format, schema.MaxLength) = ("email", LongestEmail))
        .WithErrorCode("email").WithMessage("Must be an email address.");

    /// <summary>What must hold of a value, and what the OpenAPI document says of it.</summary>
    public static IRuleBuilderOptions<T, TProperty> Must<T, TProperty>(
        this IRuleBuilder<T, TProperty> rule, Func<TProperty, bool> holds, Action<OpenApiSchema> shows) =>
        rule.SetValidator(new Shown<T, TProperty>(holds, shows));

    const int LongestEmail = 254;

    static bool LooksLikeEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= LongestEmail && at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
    }

    sealed class Shown<T, TProperty>(Func<TProperty, bool> holds, Action<OpenApiSchema> shows) : PropertyValidator<T, TProperty>, IShownRule
    {
        public override string Name => nameof(Shown<,>);

        public override bool IsValid(ValidationContext<T> context, TProperty value) => holds(value);

        public void Show(OpenApiSchema schema) => shows(schema);
    }
}
