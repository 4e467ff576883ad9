using System.Collections.Concurrent;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;

namespace Analytics.Http.OpenApi;

/// <summary>A rule that says to the document, too, what it lets pass.</summary>
interface IShownRule
{
    void Show(OpenApiSchema schema);
}

/// <summary>What the validators of request records demand, for the document.</summary>
sealed class ShownRules(IServiceProvider services)
{
    readonly ConcurrentDictionary<Type, IReadOnlyList<IValidationRule>> known = new();

    /// <summary>Whether the member has to be there.</summary>
    public bool Demand(Type record, string member) => Of(record, member)
        .Where(rule => !IsOfItems(rule)).SelectMany(ValidatorsOf)
        .Any(validator => validator is INotNullValidator or INotEmptyValidator);

    /// <summary>Narrows the member's schema, or that of its items, to what its rules let pass.</summary>
    public void Show(Type record, string member, OpenApiSchema schema)
    {
        foreach (var rule in Of(record, member))
            if ((IsOfItems(rule) ? schema.Items : schema) is OpenApiSchema narrowed)
                foreach (var validator in ValidatorsOf(rule))
                    Show(validator, narrowed);
    }

    static void Show(IPropertyValidator validator, OpenApiSchema schema)
    {
        switch (validator)
        {
            case IShownRule rule:
                rule.Show(schema);
                break;
            case INotNullValidator:
                schema.Type &= ~JsonSchemaType.Null;
                break;
            case INotEmptyValidator when schema.Type?.HasFlag(JsonSchemaType.Array) == true:
                schema.MinItems = 1;
                break;
            case IBetweenValidator between:
                (schema.Minimum, schema.Maximum) = ($"{between.From}", $"{between.To}");
                break;
        }
    }

    IEnumerable<IValidationRule> Of(Type record, string member) =>
        known.GetOrAdd(record, RulesOf).Where(rule => rule.PropertyName?.Split('.')[0] == member);

    // A rule that holds in some cases only says nothing about all.
    IReadOnlyList<IValidationRule> RulesOf(Type record) =>
        services.GetService(typeof(IValidator<>).MakeGenericType(record)) is IValidator validator
            ? [.. validator.CreateDescriptor().Rules.Where(rule => !rule.HasCondition && !rule.HasAsyncCondition)]
            : [];

    static IEnumerable<IPropertyValidator> ValidatorsOf(IValidationRule rule) => rule.Components.Select(component => component.Validator);

    static bool IsOfItems(IValidationRule rule) =>
        rule.GetType().GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICollectionRule<,>));
}
