using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using FluentValidation;

namespace Analytics.Features.Events;

/// <summary>The aggregate_fields parameter: dotted paths of numbers in metadata.</summary>
static class AggregateFields
{
    const int Most = 20;

    public static string[] Named(this string?[] fields) => [.. fields.OfType<string>().Distinct(StringComparer.Ordinal)];

    public static void AreFields<T>(this IRuleBuilder<T, string?[]> rule) => rule
        .Must(fields => fields.OfType<string>().All(MetadataPath.IsFieldName),
            schema => schema.OfTexts(field => field.Pattern = MetadataPath.FieldPattern))
        .WithErrorCode("field").WithMessage("A field is a dotted path of letters, digits, _ and -, at most 255 characters.")
        .Must(fields => fields.Length <= Most, schema => schema.MaxItems = Most)
        .WithErrorCode("count").WithMessage($"At most {Most} fields.");
}
