using System.Text;
using System.Text.Json;
using Analytics.Features.Business.Products;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Business;
using FluentValidation;

namespace Analytics.Features.Business.Units;

/// <summary>What holds for every unit.</summary>
static class UnitRules
{
    public const int LongestKey = 128;
    public const int LongestName = 200;
    public const int LongestLabel = 64;
    public const int LongestEventName = 128;
    public const int LongestPath = 255;
    public const int MostFilters = 20;
    public const string FieldIsNeeded = "Is required unless events are only counted.";

    public static IRuleBuilderOptions<T, string?> Aggregation<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(word => word is null || Aggregations.Words.Contains(word), schema => schema.OneOf(Aggregations.Words))
        .WithErrorCode("aggregation").WithMessage("Must be one of " + string.Join(", ", Aggregations.Words) + ".");

    public static IRuleBuilderOptions<T, IReadOnlyList<UnitFilter?>?> Filters<T>(
        this IRuleBuilder<T, IReadOnlyList<UnitFilter?>?> rule) => rule
        .Must(filters => filters is null || filters.Count <= MostFilters, schema => schema.MaxItems = MostFilters)
        .WithErrorCode("count").WithMessage($"Must be at most {MostFilters}.");

    /// <summary>Whether an aggregation works on a field.</summary>
    public static bool NeedsField(string? aggregation) =>
        Array.IndexOf(Aggregations.Words, aggregation) > (int)Storage.Business.Aggregation.Count;
}

sealed class NewUnitRules : AbstractValidator<NewUnit>
{
    public NewUnitRules()
    {
        RuleFor(unit => unit.Key).Cascade(CascadeMode.Stop).Required().PathKey(UnitRules.LongestKey);
        RuleFor(unit => unit.Name).Cascade(CascadeMode.Stop).Required().Text(UnitRules.LongestName);
        RuleFor(unit => unit.UnitLabel).Cascade(CascadeMode.Stop).Required().Text(UnitRules.LongestLabel);
        RuleFor(unit => unit.Aggregation).Cascade(CascadeMode.Stop).Required().Aggregation();
        RuleFor(unit => unit.EventName).Cascade(CascadeMode.Stop).Required().Text(UnitRules.LongestEventName);
        RuleFor(unit => unit.Field).Text(UnitRules.LongestPath);
        RuleFor(unit => unit.Field).Must((unit, field) => field is not null || !UnitRules.NeedsField(unit.Aggregation))
            .WithErrorCode("required").WithMessage(UnitRules.FieldIsNeeded);
        RuleFor(unit => unit.ProductType).ProductType();
        RuleFor(unit => unit.Filters).Filters();
        RuleForEach(unit => unit.Filters).Required().SetValidator(new UnitFilterRules()!)
            .When(unit => unit.Filters is { Count: <= UnitRules.MostFilters });
    }
}

sealed class UnitChangeRules : AbstractValidator<UnitChange>
{
    public UnitChangeRules()
    {
        RuleFor(unit => unit.Key).PathKey(UnitRules.LongestKey);
        RuleFor(unit => unit.Name).Text(UnitRules.LongestName);
        RuleFor(unit => unit.UnitLabel).Text(UnitRules.LongestLabel);
        RuleFor(unit => unit.Aggregation).Aggregation();
        RuleFor(unit => unit.EventName).Text(UnitRules.LongestEventName);
        RuleFor(unit => unit.Field.Value).Text(UnitRules.LongestPath);
        RuleFor(unit => unit.ProductType.Value).ProductType();
        RuleFor(unit => unit.Filters).Filters();
        RuleForEach(unit => unit.Filters).Required().SetValidator(new UnitFilterRules()!)
            .When(unit => unit.Filters is { Count: <= UnitRules.MostFilters });
    }
}

sealed class UnitFilterRules : AbstractValidator<UnitFilter>
{
    const int LongestText = 2_048;
    const int LongestNumber = 100;
    const int MostValues = 100;

    static readonly string Text = $"Must be a text of at most {LongestText} characters, without NUL.";
    static readonly string Number = $"Must be a number, written with at most {LongestNumber} characters, that a double holds.";

    public UnitFilterRules()
    {
        RuleFor(filter => filter.Field).Cascade(CascadeMode.Stop).Required().Text(UnitRules.LongestPath);
        RuleFor(filter => filter.Operator).Cascade(CascadeMode.Stop).Required()
            .Must(word => FieldFilter.Operators.Contains(word), schema => schema.OneOf(FieldFilter.Operators))
            .WithErrorCode("operator").WithMessage("Must be one of " + string.Join(", ", FieldFilter.Operators) + ".");
        // Of a PATCH body's members the name Value means nothing: this one is one.
        RuleFor(filter => filter.Value).Must((filter, _) => WhatIsWrong(filter) is null).OverridePropertyName("value")
            .WithErrorCode("value").WithMessage(filter => WhatIsWrong(filter));
    }

    // What is read as an object is what the body says.
    static string? WhatIsWrong(UnitFilter filter) => (filter.Operator, filter.Value as JsonElement?) switch
    {
        (_, null) => "Is required.",
        ("GREATER_THAN" or "LESS_THAN", { ValueKind: not JsonValueKind.Number }) => "Must be a number.",
        ("GREATER_THAN" or "LESS_THAN", { } given) => IsNumber(given) ? null : Number,
        ("CONTAINS" or "NOT_CONTAINS", { } given) => IsText(given) ? null : Text,
        ("IN" or "NOT_IN", { } given) => given.ValueKind == JsonValueKind.Array && given.GetArrayLength() is >= 1 and <= MostValues
            && given.EnumerateArray().All(IsValue) ? null : $"Must be a list of 1 to {MostValues} texts, numbers or truth values.",
        (_, { } given) => IsValue(given) ? null : given.ValueKind switch
        {
            JsonValueKind.String => Text,
            JsonValueKind.Number => Number,
            _ => "Must be a text, a number, true or false.",
        },
    };

    static bool IsValue(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False || IsNumber(value) || IsText(value);

    // The store writes 1e99999 out in full.
    static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number
        && value.GetRawText() is { Length: <= LongestNumber } text && JsonNumber.IsStorable(Encoding.ASCII.GetBytes(text));

    static bool IsText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            var text = value.GetString()!;
            return Rules.Characters(text) <= LongestText && !text.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return false;
        }
    }
}
