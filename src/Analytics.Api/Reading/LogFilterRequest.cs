using Analytics.Http;
using Analytics.Http.OpenApi;
using FluentValidation;

namespace Analytics.Reading;

/// <summary>Which records of the log are asked for. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record LogFilterRequest
{
    /// <summary>Texts that stand in the type or in a string of the payload, upper and lower case alike.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>Of these types: an event's name, <c>request.completed</c>, or what the service tells.</summary>
    public string?[] Type { get; init; } = [];

    /// <summary>Of these categories.</summary>
    [OneOf(typeof(LogFilter), nameof(LogFilter.Categories))]
    public string?[] Category { get; init; } = [];

    /// <summary>At least so serious.</summary>
    [OneOf(typeof(LogFilter), nameof(LogFilter.Severities))]
    public string? Severity { get; init; }

    /// <summary>By these actors: their ids.</summary>
    public string?[] Actor { get; init; } = [];

    /// <summary>About things of these types.</summary>
    public string?[] TargetType { get; init; } = [];

    /// <summary>About these things.</summary>
    public string?[] TargetId { get; init; } = [];

    /// <summary>Of these correlations; of requests it is their <c>requestId</c>.</summary>
    public string?[] CorrelationId { get; init; } = [];

    internal LogFilter Filter => new(
        Texts(Q), Texts(Type), Texts(Category), Severity, Texts(Actor), Texts(TargetType), Texts(TargetId), Texts(CorrelationId));

    /// <summary>Null when everything is asked for.</summary>
    internal LogFilter? FilterOrNull => Filter is { IsAll: false } some ? some : null;

    // A parameter without a value asks for nothing.
    static string[] Texts(string?[] sent) => [.. sent.OfType<string>().Where(text => text.Length > 0)];
}

/// <summary>What such a choice must fulfil.</summary>
sealed class LogFilterRequestRules : AbstractValidator<LogFilterRequest>
{
    /// <summary>Every record is searched for it.</summary>
    const int LongestText = 200;

    public LogFilterRequestRules()
    {
        RuleForEach(request => request.Q)
            .Must(text => text is null || Rules.Characters(text) <= LongestText, schema => schema.MaxLength = LongestText)
            .WithErrorCode("length").WithMessage($"q must have at most {LongestText} characters.");
        RuleForEach(request => request.Category).Must(word => word is null or "" || LogFilter.IsCategory(word))
            .WithErrorCode("value").WithMessage($"A category is one of {string.Join(", ", LogFilter.Categories)}.");
        RuleFor(request => request.Severity).Must(word => word is null || LogFilter.IsSeverity(word))
            .WithErrorCode("value").WithMessage($"A severity is one of {string.Join(", ", LogFilter.Severities)}.");
    }
}
