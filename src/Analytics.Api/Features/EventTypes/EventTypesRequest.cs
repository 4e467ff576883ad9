using Analytics.Http;
using Analytics.Storage.Schema;
using FluentValidation;
using Microsoft.OpenApi;

namespace Analytics.Features.EventTypes;

/// <summary>Which event types to list, and which of their events to count.</summary>
public sealed record EventTypesRequest
{
    /// <summary>Part of the name or the label; upper and lower case alike.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary><c>user</c> or <c>system</c>.</summary>
    public EventSource[] Source { get; init; } = [];

    /// <summary>Count these customers' events only.</summary>
    public Guid[] CustomerId { get; init; } = [];

    /// <summary>true: count events without a parent only.</summary>
    public bool RootEvents { get; init; }

    internal bool Passes(EventType type)
    {
        string[] texts = [.. Q.OfType<string>()];
        return (Source.Length == 0 || Source.Contains(type.Source))
            && (texts.Length == 0 || texts.Any(text =>
                type.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
                || type.Label.Contains(text, StringComparison.OrdinalIgnoreCase)));
    }
}

/// <summary>A change of an event type: absent members stay, a null selector goes.</summary>
public sealed record EventTypeChange
{
    /// <summary>1 to 128 characters, trimmed.</summary>
    public Optional<string> Label { get; init; }

    /// <summary>A dotted metadata path whose value becomes an event's label.</summary>
    public Optional<string> LabelPropertySelector { get; init; }
}

/// <summary>What a change of an event type must fulfil.</summary>
sealed class EventTypeChangeRules : AbstractValidator<EventTypeChange>
{
    const int LongestLabel = 128;
    const int LongestPath = 255;

    public EventTypeChangeRules()
    {
        RuleFor(change => change.Label)
            .Must(label => !label.IsSet || !string.IsNullOrWhiteSpace(label.Value),
                schema => (schema.Type, schema.MinLength) = (JsonSchemaType.String, 1))
            .WithErrorCode("blank").WithMessage("Must not be blank.")
            .Must(label => label.Value is not { } text || (Rules.Characters(text.Trim()) <= LongestLabel && !text.Contains('\0')),
                schema => schema.MaxLength = LongestLabel)
            .WithErrorCode("length").WithMessage($"Must have at most {LongestLabel} characters, none of them NUL.");
        RuleFor(change => change.LabelPropertySelector)
            .Must(path => path.Value is not { } text || IsPath(text), schema => (schema.MinLength, schema.MaxLength) = (1, LongestPath))
            .WithErrorCode("path").WithMessage($"Must be a dotted metadata path of at most {LongestPath} characters.");
    }

    static bool IsPath(string text) =>
        text.Length <= LongestPath && !text.Contains('\0') && !text.Split('.').Any(string.IsNullOrWhiteSpace);
}
